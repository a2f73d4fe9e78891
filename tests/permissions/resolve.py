"""The policies of each function's role, as CloudFormation would make them from template.yaml.

resolve TEMPLATE < SETTINGS

The template is transformed by AWS's own translator. Of its intrinsic functions only those are known that the policies use;
anything else is an error. SETTINGS, JSON: `parameters` and `region`, and `physical`, what `Ref` and `Fn::GetAtt` answer for the
resources that policies name. Prints `roles`: for each its policies by name, and `functions`: the role of each.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ACCOUNT = "123456789012"
_NOTHING = {"Ref": "AWS::NoValue"}


class Template:
    """A transformed template with its parameters."""

    def __init__(self, path: str, settings: dict[str, Any]) -> None:
        source = yaml_parse(Path(path).read_text())
        # Only `sam build` would put something there.
        source["Globals"]["Function"]["CodeUri"] = "s3://none/none"
        declared = source["Parameters"]
        given = settings["parameters"]
        self.parameters = {name: given.get(name, each.get("Default")) for name, each in declared.items()}
        self.physical: dict[str, dict[str, str]] = settings["physical"]
        self.pseudo = {"AWS::Partition": "aws", "AWS::Region": settings["region"], "AWS::AccountId": ACCOUNT}
        texts = {name: str(value) for name, value in self.parameters.items()}
        # The translator asks boto3 for it.
        os.environ["AWS_DEFAULT_REGION"] = settings["region"]
        made = Translator({}, Parser()).translate(source, texts)
        self.resources: dict[str, Any] = made["Resources"]
        self._conditions: dict[str, Any] = made["Conditions"]
        for name, each in declared.items():
            if each["Type"] == "CommaDelimitedList":
                self.parameters[name] = texts[name].split(",")

    def plain(self, value: Any) -> Any:
        """A value without intrinsic functions."""
        if isinstance(value, list):
            return [self.plain(each) for each in value if not self._is_nothing(each)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, argument)
        return {key: self.plain(inner) for key, inner in value.items() if not self._is_nothing(inner)}

    def _is_nothing(self, value: Any) -> bool:
        return (self._chosen(value) if isinstance(value, dict) else value) == _NOTHING

    def _chosen(self, value: Any) -> Any:
        """What stands there by its condition, if it has one."""
        if "Fn::If" not in value:
            return value
        condition, there, otherwise = value["Fn::If"]
        return there if self.holds(condition) else otherwise

    def _call(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(argument)
            case "Fn::GetAtt":
                resource, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
                return self._of(resource, attribute)
            case "Fn::Sub":
                text, more = argument if isinstance(argument, list) else (argument, {})
                return re.sub(r"\$\{([^}]+)\}", lambda found: self._named(found[1], more), text)
            case "Fn::If":
                condition, there, otherwise = argument
                return self.plain(there if self.holds(condition) else otherwise)
            case "Fn::Join":
                return argument[0].join(self.plain(argument[1]))
        raise ValueError(f"{name} is not known here")

    def _named(self, name: str, more: dict[str, Any]) -> str:
        if name in more:
            return str(self.plain(more[name]))
        return str(self._of(*name.split(".", 1)) if "." in name else self._ref(name))

    def _ref(self, name: str) -> Any:
        if name in self.pseudo:
            return self.pseudo[name]
        return self.parameters[name] if name in self.parameters else self._of(name, "Ref")

    def _of(self, resource: str, attribute: str) -> str:
        try:
            return self.physical[resource][attribute]
        except KeyError:
            raise ValueError(f"say what {attribute} of {resource} is") from None

    def holds(self, condition: Any) -> bool:
        if isinstance(condition, str):
            return self.holds(self._conditions[condition])
        [(name, argument)] = condition.items()
        match name:
            case "Condition":
                return self.holds(argument)
            case "Fn::Equals":
                return bool(self.plain(argument[0]) == self.plain(argument[1]))
            case "Fn::Not":
                return not self.holds(argument[0])
            case "Fn::And":
                return all(self.holds(each) for each in argument)
            case "Fn::Or":
                return any(self.holds(each) for each in argument)
        raise ValueError(f"{name} is not known here")

    def policies(self, role: str) -> dict[str, Any]:
        """A role's own policies and those it shares."""
        properties = self.resources[role]["Properties"]
        shared = [self._chosen(each)["Ref"] for each in properties.get("ManagedPolicyArns", []) if not self._is_nothing(each)]
        documents = {name: self.resources[name]["Properties"]["PolicyDocument"] for name in shared}
        documents |= {each["PolicyName"]: each["PolicyDocument"] for each in properties.get("Policies", [])}
        return {name: self.plain(document) for name, document in documents.items()}

    def functions(self) -> dict[str, str]:
        """The role of each function by the last word of the function's name."""
        found = [each["Properties"] for each in self.resources.values() if each["Type"] == "AWS::Lambda::Function"]
        return {self.plain(each["FunctionName"]).rsplit("-", 1)[1]: each["Role"]["Fn::GetAtt"][0] for each in found}


def main() -> None:
    template = Template(sys.argv[1], json.load(sys.stdin))
    roles = ("StartRole", "StopRole", "ReconcileRole", "BudgetRole")
    print(json.dumps({"functions": template.functions(), "roles": {role: template.policies(role) for role in roles}}))


if __name__ == "__main__":
    main()
