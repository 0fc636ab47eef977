using System;
using System.Globalization;

namespace MeshIoT.Health;

/// <summary>
/// One entry of the catalogue of faults a person can meet: a stable code, one sentence, and the next step.
/// <see cref="Text"/> and <see cref="NextStep"/> are composite format strings, filled by <see cref="With"/>.
/// </summary>
/// <param name="Code">Stable, lower-case, hyphenated; the same in the CLI, REST (problem type), logs and metrics.</param>
/// <param name="Severity">How much it hurts.</param>
/// <param name="ExitCode">The exit code a command-line program ends with; see <see cref="ExitCodes"/>.</param>
/// <param name="Text">One sentence: what happened and why. No secret ever goes in.</param>
/// <param name="NextStep">What the person does now.</param>
public sealed record Fault(string Code, Severity Severity, int ExitCode, string Text, string NextStep)
{
    /// <summary>Fills the blanks of the two sentences with <paramref name="details"/>.</summary>
    public FaultReport With(params object?[] details) => new(
        this,
        string.Format(CultureInfo.InvariantCulture, Text, details),
        string.Format(CultureInfo.InvariantCulture, NextStep, details));
}

/// <summary>A fault that has happened, its sentences filled in.</summary>
/// <param name="Fault">The catalogue entry.</param>
/// <param name="Message">What happened and why.</param>
/// <param name="Next">What the person does now.</param>
public sealed record FaultReport(Fault Fault, string Message, string Next)
{
    /// <summary>The line every program prints: code, sentence, next step.</summary>
    public override string ToString() => $"{Fault.Code}: {Message} Next: {Next}";

    /// <summary>Wraps the report for callers that can only throw.</summary>
    public FaultException ToException(Exception? cause = null) => new(this, cause);
}

/// <summary>Carries a <see cref="FaultReport"/> to whoever tells the person. Its message holds no secret.</summary>
public sealed class FaultException : Exception
{
    /// <summary>Wraps <paramref name="report"/>.</summary>
    public FaultException(FaultReport report, Exception? cause = null)
        : base(report.ToString(), cause) => Report = report;

    /// <summary>What happened.</summary>
    public FaultReport Report { get; }
}
