//! What the number of calls of one kind may grow with: how much AWS takes or tells in one call (facts §2, §3, §7).

use super::growth::Size;

/// What one call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// The environment, however large.
    Environment,
    /// So many services.
    Services(usize),
    /// So many target groups.
    TargetGroups(usize),
    /// One load balancer.
    LoadBalancer,
    /// So many rules of one listener, its default rule included.
    Rules(usize),
}

impl Per {
    /// What a call of a kind is about.
    pub fn of(call: &str) -> Self {
        match call {
            "application-autoscaling:DescribeScalableTargets" => Self::Services(50),
            "ecs:DescribeServices" => Self::Services(10),
            // A page and a description are of 100 tasks, and each service has one here.
            "ecs:ListTasks" | "ecs:DescribeTasks" => Self::Services(100),
            "ecs:UpdateService" => Self::Services(1),
            "elasticloadbalancing:DescribeTargetGroups" => Self::TargetGroups(20),
            "elasticloadbalancing:DescribeTargetHealth" => Self::TargetGroups(1),
            "elasticloadbalancing:CreateRule" => Self::Rules(1),
            "elasticloadbalancing:DescribeRules" => Self::Rules(100),
            "elasticloadbalancing:DescribeTags" => Self::Rules(20),
            "elasticloadbalancing:CreateLoadBalancer"
            | "elasticloadbalancing:DeleteLoadBalancer"
            | "elasticloadbalancing:CreateListener"
            | "elasticloadbalancing:DescribeLoadBalancers"
            | "elasticloadbalancing:DescribeLoadBalancerAttributes"
            | "elasticloadbalancing:DescribeCapacityReservation"
            | "elasticloadbalancing:DescribeListeners"
            | "elasticloadbalancing:DescribeListenerAttributes"
            | "wafv2:GetWebACLForResource" => Self::LoadBalancer,
            _ => Self::Environment,
        }
    }

    /// How many calls are one look at an environment of a size, or one change of all of it.
    pub fn calls(self, size: Size) -> usize {
        match self {
            Self::Environment => 1,
            Self::Services(batch) => size.services().div_ceil(batch),
            Self::TargetGroups(batch) => size.target_groups().div_ceil(batch).max(1),
            Self::LoadBalancer => size.load_balancers().max(1),
            Self::Rules(batch) => {
                let of_listener = size.rules().div_ceil(size.load_balancers().max(1));
                size.load_balancers().max(1) * (of_listener + 1).div_ceil(batch)
            }
        }
    }
}

impl std::fmt::Display for Per {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => f.write_str("environment"),
            Self::Services(1) => f.write_str("service"),
            Self::Services(batch) => write!(f, "{batch} services"),
            Self::TargetGroups(1) => f.write_str("target group"),
            Self::TargetGroups(batch) => write!(f, "{batch} target groups"),
            Self::LoadBalancer => f.write_str("load balancer"),
            Self::Rules(1) => f.write_str("rule"),
            Self::Rules(batch) => write!(f, "{batch} rules"),
        }
    }
}
