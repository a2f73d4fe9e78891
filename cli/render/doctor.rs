//! Who else manages an environment, and what to do about it.

use anstyle::{AnsiColor, Style};
use curfew_core::doctor::bucket::Weakness;
use curfew_core::doctor::{Duplicate, Examination, Finding, Language, Paste, Position, Step};
use curfew_core::model::{ENVIRONMENT_TAG, Foreign, ForeignPosition, NAME_TAG};
use curfew_core::safety::Reason;

use super::styled;

/// Renders an examination: what it comes to, what is there twice, then everything grouped by what to do.
pub fn examination(examination: &Examination) -> String {
    let mut text = first_line(examination);
    for (claimant, count) in &examination.claimants {
        text.push_str(&format!("  {claimant}: {count} {}\n", if *count == 1 { "claim" } else { "claims" }));
    }
    match examination.finding() {
        Finding::Ailing => {}
        Finding::Sound | Finding::Unclear => {
            examination.looked_at.iter().for_each(|one| text.push_str(&format!("  looked at: {one}\n")));
        }
    }
    if !examination.unexplained.is_empty() {
        text.push_str("\nThese were there before Curfew, and nothing in AWS says who made them. If Terraform, OpenTofu, Pulumi, SST or a stack did, their next run makes them again:\n");
        examination.unexplained.iter().for_each(|one| text.push_str(&format!("  {one}\n")));
        text.push_str("  Give the state that they are in (--terraform FILE); of other tools and of stacks, take them out of what those manage, and then take `adopted` out of the blueprint: what a morning made is Curfew's by its tags.\n");
    }
    examination.duplicates.iter().for_each(|one| text.push_str(&duplicate(one)));
    examination.foreign.iter().for_each(|one| text.push_str(&foreign(one)));
    examination.other_users.iter().chain(&examination.lacks).for_each(|one| text.push_str(&reason(one)));
    examination.bucket.iter().for_each(|one| text.push_str(&weakness(one)));
    text.push_str(&black_holes(&examination.black_holes));
    examination.advice.iter().for_each(|one| text.push_str(&step(one)));
    if !examination.unknown.is_empty() {
        text.push_str("\nThese could not be looked at, so nobody can say that nothing is the matter with them:\n");
        examination.unknown.iter().for_each(|one| text.push_str(&format!("  {one}\n")));
    }
    if !examination.mentions.is_empty() {
        text.push_str("\nThese know ids and names that are others each morning:\n");
        examination.mentions.iter().for_each(|one| text.push_str(&format!("  {one}\n")));
    }
    text.push_str(&format!("\nTime zones: {}\n", examination.zones));
    for warning in &examination.clocks {
        text.push_str(&format!("{} {warning}\n", styled(AnsiColor::Yellow.on_default(), "!")));
    }
    text
}

fn first_line(examination: &Examination) -> String {
    let environment = &examination.environment;
    let (color, says) = match examination.finding() {
        Finding::Sound => (AnsiColor::Green, "nobody else claims or uses what goes at night".to_owned()),
        Finding::Ailing => (AnsiColor::Red, ailing(examination)),
        Finding::Unclear if examination.unknown.is_empty() => {
            (AnsiColor::Yellow, "it cannot be told who claims what goes at night".to_owned())
        }
        Finding::Unclear => (AnsiColor::Yellow, "it cannot be told: not all could be looked at".to_owned()),
    };
    format!("{} {says}\n", styled(color.on_default().bold(), &format!("{environment}:")))
}

fn ailing(examination: &Examination) -> String {
    let things = examination.duplicates.len() + examination.foreign.len();
    match things {
        0 if !examination.other_users.is_empty() => "others use what goes at night".to_owned(),
        0 if !examination.lacks.is_empty() => "not all of what goes at night could come back".to_owned(),
        0 if !examination.is_claimed() => "the state bucket does not keep what it should".to_owned(),
        0 => "others claim what goes at night".to_owned(),
        1 => "one thing is there that Curfew did not make".to_owned(),
        count => format!("{count} things are there that Curfew did not make"),
    }
}

fn duplicate(one: &Duplicate) -> String {
    let place = match one.position {
        Position::Beside => "beside Curfew's own",
        Position::Instead => "where Curfew's own should be, and blocks the morning",
    };
    let maker = one.made_by.as_ref().map(|by| format!(", made by {by}")).unwrap_or_default();
    let cost = one.hourly.map(|cost| format!("; it costs {cost:.3} USD an hour")).unwrap_or_default();
    let mark = styled(AnsiColor::Red.on_default(), "!");
    let mut text = format!("\n{mark} {}: {} stands {place}{maker}{cost}\n", one.thing, one.id);
    text.push_str("  An apply may have made it again while the environment was down, or a person did. Curfew does not delete it.\n");
    if let Some(adopt) = &one.adopt {
        text.push_str("  To adopt it, in the blueprint (and its ARN in AdoptedArns):\n");
        text.push_str(&indented(adopt));
    }
    text.push_str("  To remove it, once nobody would make it again:\n");
    text + &indented(&one.remove)
}

fn foreign(one: &Foreign) -> String {
    let stands = match one.position {
        ForeignPosition::Beside => "is not what the blueprint means by them",
        ForeignPosition::InItsPlace => {
            "stands where Curfew's own should be, is not the one that is remembered, and blocks the morning"
        }
        ForeignPosition::Contested => "is one of several, of which nothing says which is meant: both ways are blocked",
    };
    let mark = styled(AnsiColor::Red.on_default(), "!");
    format!(
        "\n{mark} {} carries the environment's tags and {stands}\n  Curfew does not touch it. Take {ENVIRONMENT_TAG} and {NAME_TAG} away \
         from it, or name it as `adopted` in the blueprint if it is the environment's.\n",
        one.what
    )
}

fn reason(one: &Reason) -> String {
    let mark = styled(AnsiColor::Red.on_default(), "!");
    format!("\n{mark} {} {}\n  {}\n", one.resource, one.problem, one.remedy)
}

fn weakness(one: &Weakness) -> String {
    let color = if one.is_dangerous { AnsiColor::Red } else { AnsiColor::Yellow };
    let mark = styled(color.on_default(), "!");
    format!("\n{mark} {} {}\n  {}\n", one.resource, one.problem, one.remedy)
}

fn black_holes(routes: &[String]) -> String {
    if routes.is_empty() {
        return String::new();
    }
    let mut text =
        "\nThese routes lead to a NAT gateway that is gone, and the blueprint does not list them:\n".to_owned();
    routes.iter().for_each(|one| text.push_str(&format!("  {one}\n")));
    text + "  Under `routes` in the blueprint, the next start or tick leads them back.\n"
}

fn step(step: &Step) -> String {
    let mut text = format!("\n{}\n", styled(Style::new().bold(), &step.what));
    step.things.iter().for_each(|thing| text.push_str(&format!("  {thing}\n")));
    step.paste.iter().for_each(|one| text.push_str(&paste(one)));
    text
}

fn paste(paste: &Paste) -> String {
    let language = match paste.language {
        Language::Hcl => "hcl",
        Language::Yaml => "yaml",
        Language::Sh => "sh",
    };
    format!("\n```{language}\n{}```\n", paste.text)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use curfew_core::doctor::Thing;
    use curfew_core::schedule::ZoneRules;
    use curfew_core::zones::RELEASE;
    use expect_test::{Expect, expect};

    use super::*;

    fn check(examination: &Examination, expected: Expect) {
        let text = anstream::adapter::strip_str(&super::examination(examination)).to_string();
        expected.assert_eq(&text.replace(RELEASE, "RELEASE"));
    }

    fn sound() -> Examination {
        Examination {
            environment: "dev".parse().expect("a name"),
            claimants: [("CloudFormation infra".to_owned(), 1), ("Terraform a.tfstate".to_owned(), 2)].into(),
            claims: Vec::new(),
            duplicates: Vec::new(),
            foreign: Vec::new(),
            advice: Vec::new(),
            zones: ZoneRules::default(),
            clocks: Vec::new(),
            other_users: Vec::new(),
            lacks: Vec::new(),
            bucket: Vec::new(),
            black_holes: Vec::new(),
            looked_at: vec!["the tags that CloudFormation puts on what it makes".to_owned()],
            unexplained: Vec::new(),
            mentions: Vec::new(),
            unknown: Vec::new(),
        }
    }

    #[test]
    fn what_it_comes_to_stands_in_the_first_line() {
        check(
            &sound(),
            expect![[r#"
                dev: nobody else claims or uses what goes at night
                  CloudFormation infra: 1 claim
                  Terraform a.tfstate: 2 claims
                  looked at: the tags that CloudFormation puts on what it makes

                Time zones: IANA RELEASE
            "#]],
        );
        check(
            &Examination { clocks: vec!["older than what is stored".to_owned()], ..sound() },
            expect![[r#"
                dev: nobody else claims or uses what goes at night
                  CloudFormation infra: 1 claim
                  Terraform a.tfstate: 2 claims
                  looked at: the tags that CloudFormation puts on what it makes

                Time zones: IANA RELEASE
                ! older than what is stored
            "#]],
        );
        check(
            &Examination { unexplained: vec![Thing::NatGateway("a".parse().expect("a name"))], ..sound() },
            expect![[r#"
                dev: it cannot be told who claims what goes at night
                  CloudFormation infra: 1 claim
                  Terraform a.tfstate: 2 claims
                  looked at: the tags that CloudFormation puts on what it makes

                These were there before Curfew, and nothing in AWS says who made them. If Terraform, OpenTofu, Pulumi, SST or a stack did, their next run makes them again:
                  NAT gateway a
                  Give the state that they are in (--terraform FILE); of other tools and of stacks, take them out of what those manage, and then take `adopted` out of the blueprint: what a morning made is Curfew's by its tags.

                Time zones: IANA RELEASE
            "#]],
        );
        check(
            &Examination { unknown: vec!["databases: rds:DescribeDBInstances: no".to_owned()], ..sound() },
            expect![[r#"
                dev: it cannot be told: not all could be looked at
                  CloudFormation infra: 1 claim
                  Terraform a.tfstate: 2 claims
                  looked at: the tags that CloudFormation puts on what it makes

                These could not be looked at, so nobody can say that nothing is the matter with them:
                  databases: rds:DescribeDBInstances: no

                Time zones: IANA RELEASE
            "#]],
        );
    }

    #[test]
    fn who_uses_what_goes_is_named_with_what_to_do() {
        use curfew_core::safety::ReasonKind;

        let user = Reason {
            kind: ReasonKind::OtherUser,
            resource: "instance i-1 (bastion)".to_owned(),
            problem: "is not in the blueprint, and would be without NAT gateway a".to_owned(),
            remedy: "add it under `instances`".to_owned(),
        };
        let black_holes = vec!["0.0.0.0/0 in rtb-1".to_owned()];
        check(
            &Examination { other_users: vec![user], black_holes, claimants: Default::default(), ..sound() },
            expect![[r#"
                dev: others use what goes at night

                ! instance i-1 (bastion) is not in the blueprint, and would be without NAT gateway a
                  add it under `instances`

                These routes lead to a NAT gateway that is gone, and the blueprint does not list them:
                  0.0.0.0/0 in rtb-1
                  Under `routes` in the blueprint, the next start or tick leads them back.

                Time zones: IANA RELEASE
            "#]],
        );
    }

    #[test]
    fn what_is_there_twice_comes_before_what_to_do() {
        let duplicate = Duplicate {
            thing: Thing::NatGateway("a".parse().expect("a name")),
            id: "nat-1".to_owned(),
            made_by: None,
            position: Position::Instead,
            hourly: Some(0.045),
            adopt: Some("natGateways:\n  a:\n    adopted: nat-1\n".to_owned()),
            remove: "aws ec2 delete-nat-gateway --nat-gateway-id nat-1\n".to_owned(),
        };
        let paste = Paste { language: Language::Hcl, text: "removed {\n}\n".to_owned() };
        let things = vec!["NAT gateway a: Terraform aws_nat_gateway.a (one that is gone)".to_owned()];
        let advice = vec![Step { what: "Take it out".to_owned(), things, paste: vec![paste] }];
        check(
            &Examination { duplicates: vec![duplicate], advice, ..sound() },
            expect![[r#"
                dev: one thing is there that Curfew did not make
                  CloudFormation infra: 1 claim
                  Terraform a.tfstate: 2 claims

                ! NAT gateway a: nat-1 stands where Curfew's own should be, and blocks the morning; it costs 0.045 USD an hour
                  An apply may have made it again while the environment was down, or a person did. Curfew does not delete it.
                  To adopt it, in the blueprint (and its ARN in AdoptedArns):
                    natGateways:
                      a:
                        adopted: nat-1
                  To remove it, once nobody would make it again:
                    aws ec2 delete-nat-gateway --nat-gateway-id nat-1

                Take it out
                  NAT gateway a: Terraform aws_nat_gateway.a (one that is gone)

                ```hcl
                removed {
                }
                ```

                Time zones: IANA RELEASE
            "#]],
        );
    }
}
