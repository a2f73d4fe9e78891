"""EC2 instances and Auto Scaling groups, over the wire: the user guides of EC2 and EC2 Auto Scaling."""

import pytest

from conftest import Emulator, refused


@pytest.fixture
def image(aws: Emulator):
    return aws.client("ec2").register_image(Name="linux", Architecture="x86_64", RootDeviceName="/dev/xvda")["ImageId"]


@pytest.fixture
def instance(aws: Emulator, image: str):
    ec2 = aws.client("ec2")
    made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    yield made
    ec2.terminate_instances(InstanceIds=[made])


@pytest.fixture
def group(aws: Emulator, image: str):
    ec2, autoscaling = aws.client("ec2"), aws.client("autoscaling")
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    template = ec2.create_launch_template(LaunchTemplateName="workers", LaunchTemplateData=data)["LaunchTemplate"]
    zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="workers",
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"]},
        MinSize=1,
        DesiredCapacity=2,
        MaxSize=4,
        AvailabilityZones=[zone],
    )
    yield "workers"
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName="workers", ForceDelete=True)
    ec2.delete_launch_template(LaunchTemplateName="workers")


def state(aws: Emulator, identifier: str) -> str:
    found = aws.client("ec2").describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"][0]
    return str(found["State"]["Name"])


def states(aws: Emulator, name: str) -> list[str]:
    found = aws.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
    return sorted(each["LifecycleState"] for each in found["Instances"])


def test_states_take_their_time(aws, instance):
    """ "When you stop an instance, it enters the `stopping` state, and then the `stopped` state." """
    ec2 = aws.client("ec2")
    ec2.start_instances(InstanceIds=[instance])
    assert state(aws, instance) == "running"
    ec2.stop_instances(InstanceIds=[instance])
    assert state(aws, instance) == "stopping"
    with refused("IncorrectInstanceState"):
        ec2.start_instances(InstanceIds=[instance])
    ec2.stop_instances(InstanceIds=[instance])
    aws.advance(61)
    assert state(aws, instance) == "stopped"
    ec2.start_instances(InstanceIds=[instance])
    assert state(aws, instance) == "pending"
    with refused("IncorrectInstanceState"):
        ec2.stop_instances(InstanceIds=[instance])
    aws.advance(31)
    assert state(aws, instance) == "running"


def test_one_that_is_protected_is_not_stopped(aws, image):
    """ "To prevent an instance from being accidentally stopped, you can enable stop protection." """
    ec2 = aws.client("ec2")
    made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, DisableApiStop=True)["Instances"][0]["InstanceId"]
    assert ec2.describe_instance_attribute(InstanceId=made, Attribute="disableApiStop")["DisableApiStop"] == {"Value": True}
    with refused("OperationNotPermitted"):
        ec2.stop_instances(InstanceIds=[made])
    ec2.terminate_instances(InstanceIds=[made])


def test_several_are_described_in_one_call_and_none_is_no_error(aws, instance):
    """What Curfew asks: ids in a filter, of which some may not exist; the types of those that do."""
    filters = [{"Name": "instance-id", "Values": [instance, "i-0123456789abcdef0"]}]
    found = aws.client("ec2").describe_instances(Filters=filters)["Reservations"]
    assert [each["InstanceId"] for one in found for each in one["Instances"]] == [instance]
    types = aws.client("ec2").describe_instance_types(InstanceTypes=["t3.micro", "m5d.large"])["InstanceTypes"]
    assert {each["InstanceType"]: each["InstanceStorageSupported"] for each in types} == {"t3.micro": False, "m5d.large": True}


def test_a_group_follows_its_capacity_in_time(aws, group):
    autoscaling = aws.client("autoscaling")
    assert states(aws, group) == ["InService", "InService"]
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=0, DesiredCapacity=0, MaxSize=4)
    assert states(aws, group) == ["Terminating", "Terminating"]
    aws.advance(91)
    assert states(aws, group) == []
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=1, DesiredCapacity=3, MaxSize=4)
    assert states(aws, group) == ["Pending"] * 3
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=1, DesiredCapacity=3, MaxSize=4)
    aws.advance(91)
    assert states(aws, group) == ["InService"] * 3
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=1, DesiredCapacity=2, MaxSize=4)
    assert states(aws, group) == ["InService", "InService", "Terminating"]


def test_a_capacity_must_be_possible(aws, group):
    autoscaling = aws.client("autoscaling")
    for least, desired, most in ((2, 1, 4), (1, 5, 4), (5, 5, 4)):
        with refused("ValidationError"):
            autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=least, DesiredCapacity=desired, MaxSize=most)
    with refused("ValidationError"):
        autoscaling.update_auto_scaling_group(AutoScalingGroupName="nowhere", MinSize=0, DesiredCapacity=0, MaxSize=4)
    assert states(aws, group) == ["InService", "InService"]
