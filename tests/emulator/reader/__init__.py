"""The independent reader: what stands in an account, told with boto3 and none of Curfew's own code."""
