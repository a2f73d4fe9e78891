"""The limits that `curfew validate` knows are those of AWS's own models."""

import os

import limits
import model


def test_the_packed_limits_are_those_of_the_models():
    assert limits.is_of_this_version(), "another botocore is pinned: set VERSION and RELEASED in limits.py, and write the file anew"
    text = limits.text()
    if os.environ.get("UPDATE_EXPECT"):
        limits.PACKED.write_text(text)
    assert limits.PACKED.read_text() == text, "UPDATE_EXPECT=1 tests/fidelity/check writes shared/src/limits/aws.json anew"


def test_every_attribute_of_application_load_balancers_is_packed():
    known = {kind: set(each) for kind, each in limits.packed()["attributes"].items()}
    # Those that the documentation gives to other load balancers alone.
    others = {"dns_record.client_routing_policy", "secondary_ips.auto_assigned.per_subnet"}
    assert known["loadBalancer"] == set(model.documented_keys("elbv2:DescribeLoadBalancerAttributes", "Attributes[]")) - others
    others = {"tcp.idle_timeout.seconds", "send_tcp_reset.on_idle_timeout.enabled"}
    assert known["listener"] == set(model.documented_keys("elbv2:DescribeListenerAttributes", "Attributes[]")) - others


def test_values_of_attributes_are_read_out_of_the_documentation():
    known = limits.packed()["attributes"]["loadBalancer"]
    assert known["idle_timeout.timeout_seconds"] == {"range": [1, 4000]}
    assert known["routing.http.desync_mitigation_mode"] == {"values": ["monitor", "defensive", "strictest"]}
    assert known["access_logs.s3.enabled"] == {"values": ["true", "false"]}
    assert known["access_logs.s3.bucket"] == {}
