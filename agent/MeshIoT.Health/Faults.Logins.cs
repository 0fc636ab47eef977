namespace MeshIoT.Health;

public static partial class Faults
{
    /// <summary>A person sent a waiting machine away.</summary>
    public static readonly Fault LoginRejected = new(
        "login-rejected", Severity.High, ExitCodes.Refused,
        "An administrator did not let this node in.",
        "Ask them why, then join again.");

    /// <summary>A login that is to be decided is not waiting any more.</summary>
    public static readonly Fault LoginUnknown = new(
        "login-unknown", Severity.Low, ExitCodes.NotFound,
        "There is no such login: it was decided already, or waited longer than 15 minutes.",
        "Join again at the device; it shows a new address.");
}
