namespace MeshIoT.Health;

public static partial class Faults
{
    /// <summary>The text is none of the forms that bring a device onto a tailnet.</summary>
    public static readonly Fault ProvisioningTextUnknown = new(
        "provisioning-text-unknown", Severity.High, ExitCodes.Usage,
        "The text is not a MeshIoT code, an auth key or a login address: {0}.",
        "Scan the code again, or type the 24 characters printed below it.");

    /// <summary>The text begins like a MeshIoT code and then goes wrong.</summary>
    public static readonly Fault ProvisioningTextMalformed = new(
        "provisioning-text-malformed", Severity.High, ExitCodes.Usage,
        "The MeshIoT code is damaged: {0}.",
        "Scan the code again, or make a new one with: meshiot key create --qr");

    /// <summary>The code is of a later version than this program reads.</summary>
    public static readonly Fault ProvisioningTextNewer = new(
        "provisioning-text-newer", Severity.High, ExitCodes.Usage,
        "The code is of version {0}; this program reads version 1.",
        "Update MeshIoT on this device, then scan the code again.");

    /// <summary>A typed claim is too short, too long, or has a letter that is in no claim.</summary>
    public static readonly Fault ClaimMalformed = new(
        "claim-malformed", Severity.High, ExitCodes.Usage,
        "The claim is not 24 letters and digits: {0}.",
        "Compare it with the print, six groups of four characters.");

    /// <summary>A typed claim has a typing error: its check character disagrees.</summary>
    public static readonly Fault ClaimMistyped = new(
        "claim-mistyped", Severity.High, ExitCodes.Usage,
        "The claim has a typing error: its check character does not fit.",
        "Compare it with the print, six groups of four characters.");
}
