namespace MeshIoT.PortableGate.Tests;

/// <summary>One finding: the rule, the place in the assembly, and the construct found there.</summary>
internal sealed record Violation(string Rule, string Where, string What)
{
    public override string ToString() => $"{Rule}: {What} in {Where}";
}
