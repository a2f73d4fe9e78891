"""The base tiers of the three example environments, laid with plain boto3 as their owners' own tools would have done."""
