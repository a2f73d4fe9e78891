"""What CloudFormation documents for each section of a template: which functions it knows there, and which keys.

Each row says where that is written. A function that works in one section is refused in another: `Rules` know ten functions of
their own and `Ref`, and no linter says so.
"""

from dataclasses import dataclass

_GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"

#: "Condition functions" that make up a condition.
_CONDITION = {"Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or", "Condition"}
#: What gives a value.
_VALUE = {
    "Ref",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::GetAZs",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
}


@dataclass(frozen=True)
class Section:
    """One section, or one place in it."""

    functions: frozenset[str]
    #: What `Ref` may name: parameters, pseudo parameters, resources.
    refers_to: frozenset[str]
    source: str


def _section(functions: set[str], refers_to: set[str], source: str) -> Section:
    return Section(frozenset(functions), frozenset(refers_to), source)


SECTIONS = {
    # "Intrinsic functions aren't supported in the Parameters section."
    "Parameters": _section(set(), set(), _GUIDE + "parameters-section-structure.html"),
    # "Rule-specific intrinsic functions": those ten, and Ref of parameters.
    "Rules": _section(
        {
            "Ref",
            "Fn::And",
            "Fn::Contains",
            "Fn::EachMemberEquals",
            "Fn::EachMemberIn",
            "Fn::Equals",
            "Fn::Not",
            "Fn::Or",
            "Fn::RefAll",
            "Fn::ValueOf",
            "Fn::ValueOfAll",
        },
        {"parameter"},
        _REFERENCE + "intrinsic-function-reference-rules.html",
    ),
    # The page lists FindInMap, Ref and other conditions. Join of a list is not on it and works: aws-cloudformation/cfn-lint 3682.
    "Conditions": _section(
        _CONDITION | {"Ref", "Fn::FindInMap", "Fn::Join"},
        {"parameter", "pseudo"},
        _REFERENCE + "intrinsic-function-reference-conditions.html",
    ),
    # "You can use intrinsic functions only in specific parts of a template": properties, outputs, metadata attributes,
    # update policies.
    "Properties": _section(_VALUE, {"parameter", "pseudo", "resource"}, _REFERENCE + "intrinsic-function-reference.html"),
    "Outputs": _section(_VALUE, {"parameter", "pseudo", "resource"}, _GUIDE + "outputs-section-structure.html"),
    "Metadata of a resource": _section(_VALUE, {"parameter", "pseudo", "resource"}, _REFERENCE + "aws-attribute-metadata.html"),
    # The template's own: "CloudFormation does not transform, modify, or redact any information you include".
    "Metadata": _section(set(), set(), _GUIDE + "metadata-section-structure.html"),
}

#: What stands at the top, once SAM's Globals are gone.
TOP = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}

#: Of a parameter, and for which types: parameters-section-structure.html, "Properties".
OF_PARAMETER = {
    "AllowedPattern": {"String", "CommaDelimitedList"},
    "AllowedValues": {"String", "Number", "CommaDelimitedList"},
    "ConstraintDescription": {"String", "Number", "CommaDelimitedList"},
    "Default": {"String", "Number", "CommaDelimitedList"},
    "Description": {"String", "Number", "CommaDelimitedList"},
    "MaxLength": {"String"},
    "MaxValue": {"Number"},
    "MinLength": {"String"},
    "MinValue": {"Number"},
    "NoEcho": {"String", "Number", "CommaDelimitedList"},
    "Type": {"String", "Number", "CommaDelimitedList"},
}

#: Of a rule: rules-section-structure.html.
OF_RULE = {"RuleCondition", "Assertions"}
OF_ASSERTION = {"Assert", "AssertDescription"}

#: Of an output: outputs-section-structure.html.
OF_OUTPUT = {"Condition", "Description", "Export", "Value"}

#: Of a resource: resources-section-structure.html and "Resource attribute reference".
OF_RESOURCE = {
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
}
#: aws-attribute-deletionpolicy.html. Snapshot is for volumes and databases; there are none here.
DELETION = {"Delete", "Retain", "RetainExceptOnCreate"}
#: aws-attribute-updatereplacepolicy.html.
REPLACEMENT = {"Delete", "Retain"}

#: cloudformation-limits.html.
LIMITS = {"Parameters": 200, "Outputs": 200, "Resources": 500, "Mappings": 200}
DESCRIPTION_OF_TEMPLATE = 1024
DESCRIPTION_OF_PARAMETER = 4000
BODY_IN_S3 = 1024 * 1024
