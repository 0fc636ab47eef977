using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Provisioning;

public sealed partial class ProvisioningText
{
    const int MinKeyLength = 16, MaxKeyLength = 512;

    // "https://host[:port][/path]#KEY", "…#k=KEY", or the address, white space, and the key.
    static bool TryParseUrl(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out ProvisioningText? parsed, [NotNullWhen(false)] out FaultReport? fault)
    {
        parsed = null;
        int end = text.IndexOfAny("# \t\r\n");
        if (end < 0)
        {
            fault = Faults.ProvisioningTextUnknown.With("the login address has no auth key behind it");
            return false;
        }

        if (!Uri.TryCreate(text[..end].ToString(), UriKind.Absolute, out Uri? url) || url.Host.Length == 0 || url.UserInfo.Length > 0)
        {
            fault = Faults.ProvisioningTextUnknown.With("its login address cannot be read");
            return false;
        }

        ReadOnlySpan<char> key = text[(end + 1)..].Trim();
        if (text[end] == '#' && key.StartsWith("k=", StringComparison.OrdinalIgnoreCase))
        {
            key = key[2..];
        }

        return TryParseKey(new Uri(url.GetLeftPart(UriPartial.Authority) + "/"), key, out parsed, out fault);
    }

    static bool TryParseKey(
        Uri? server, ReadOnlySpan<char> key, [NotNullWhen(true)] out ProvisioningText? parsed, [NotNullWhen(false)] out FaultReport? fault)
    {
        parsed = null;
        if (IsForeignKey(key))
        {
            parsed = new ProvisioningText(server, key.ToString(), null, null);
            fault = null;
            return true;
        }

        if (Claim.TryParse(key, out Claim? claim, out FaultReport? claimFault))
        {
            parsed = new ProvisioningText(server, claim.ExportText(), claim, null);
            fault = null;
            return true;
        }

        // Near a claim in size and letters: say what is wrong with the claim. Else say what would have been right.
        fault = claimFault.Fault == Faults.ClaimMistyped || key.Length is > 12 and < 40
            ? claimFault
            : Faults.ProvisioningTextUnknown.With("it has none of their forms");
        return false;
    }

    // tskey-…, hskey-…, and Headscale's bare hexadecimal (48 digits; 24 would be a claim).
    static bool IsForeignKey(ReadOnlySpan<char> key)
    {
        if (key.Length is < MinKeyLength or > MaxKeyLength)
        {
            return false;
        }

        if (key.StartsWith("tskey-", StringComparison.Ordinal) || key.StartsWith("hskey-", StringComparison.Ordinal))
        {
            return key.IndexOfAnyExceptInRange('!', '~') < 0;
        }

        return key.Length >= 32 && key.ToString().All(char.IsAsciiHexDigit);
    }
}
