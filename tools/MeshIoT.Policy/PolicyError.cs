using System.Globalization;

namespace MeshIoT.Policy;

/// <summary>What is wrong with a policy, and where.</summary>
/// <param name="Line">Line of the offending token, from 1.</param>
/// <param name="Column">Column of the offending token, in characters from 1.</param>
/// <param name="Message">What is wrong, in one line of plain English.</param>
public sealed record PolicyError(int Line, int Column, string Message)
{
    /// <summary>"line 3, column 7: message".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {Message}");
}
