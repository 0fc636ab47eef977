namespace Refused.RecordType;

record A(int X);
