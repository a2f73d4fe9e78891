"""Databases, EC2 instances and Auto Scaling groups: what is stopped and never deleted."""

from typing import Any

from .laid import Laid


class Standing(Laid):
    """What stands by."""

    def add_database(self, name: str, tags: dict[str, str] | None = None) -> None:
        """A DB instance, under `databases` of the blueprint by its own name."""
        self._account.client("rds").create_db_instance(
            DBInstanceIdentifier=name,
            Engine="postgres",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            MasterUsername="root",
            ManageMasterUserPassword=True,
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        self._name("databases", name, f"{{ type: instance, identifier: {name} }}")

    def add_cluster(self, name: str, tags: dict[str, str] | None = None) -> None:
        """An Aurora cluster, under `databases` of the blueprint as `NAME-cluster`."""
        self._account.client("rds").create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            MasterUsername="root",
            ManageMasterUserPassword=True,
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        self._name("databases", f"{name}-cluster", f"{{ type: cluster, identifier: {name} }}")

    def switch_database(self, name: str, to: str) -> None:
        """Stop a DB instance, or start it."""
        rds = self._account.client("rds")
        {"stopped": rds.stop_db_instance, "running": rds.start_db_instance}[to](DBInstanceIdentifier=name)

    def add_instance(self, name: str, type: str = "t3.micro", tags: dict[str, str] | None = None, **details: Any) -> str:
        """An instance, under `instances` of the blueprint; its id."""
        labels = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        specification = [{"ResourceType": "instance", "Tags": labels}] if labels else []
        made = self._account.client("ec2").run_instances(
            ImageId=self._image(),
            InstanceType=type,
            MinCount=1,
            MaxCount=1,
            SubnetId=self._subnet(),
            TagSpecifications=specification,
            **details,
        )
        identifier: str = made["Instances"][0]["InstanceId"]
        self._name("instances", name, f"{{ id: {identifier} }}")
        return identifier

    def switch_instance(self, identifier: str, to: str) -> None:
        """Stop an instance, or start it."""
        ec2 = self._account.client("ec2")
        {"stopped": ec2.stop_instances, "running": ec2.start_instances}[to](InstanceIds=[identifier])

    def add_group(self, name: str, min: int, desired: int, max: int, tags: dict[str, str] | None = None) -> None:
        """An Auto Scaling group, under `autoScalingGroups` of the blueprint by its own name."""
        template = self._account.client("ec2").create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"ImageId": self._image(), "InstanceType": "t3.micro"}
        )["LaunchTemplate"]
        self._account.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
            MinSize=min,
            DesiredCapacity=desired,
            MaxSize=max,
            VPCZoneIdentifier=self._subnet(),
            Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": False} for key, value in (tags or {}).items()],
        )
        self._name("autoScalingGroups", name, f"{{ name: {name}, capacity: {{ min: {min}, desired: {desired}, max: {max} }} }}")

    def resize_group(self, name: str, min: int, desired: int, max: int) -> None:
        """Another capacity."""
        self._account.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=name, MinSize=min, DesiredCapacity=desired, MaxSize=max
        )

    def schedule_group(self, name: str, action: str) -> None:
        """A scheduled action."""
        self._account.client("autoscaling").put_scheduled_update_group_action(
            AutoScalingGroupName=name, ScheduledActionName=action, Recurrence="0 6 * * *", DesiredCapacity=2
        )

    def _subnet(self) -> str:
        subnets = self._account.all("ec2", "describe_subnets", "Subnets", Filters=[{"Name": "default-for-az", "Values": ["false"]}])
        return str(sorted(each["SubnetId"] for each in subnets)[0])

    def _image(self) -> str:
        ec2 = self._account.client("ec2")
        return str(ec2.register_image(Name="linux", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"])
