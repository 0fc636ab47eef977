using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Provisioning;

/// <summary>
/// What a scanned or typed text tells a device: where its coordinator is, which auth key to show, which server key to expect.
/// Reads <c>MESHIOT:1/HOST[:PORT]/CLAIM[/PIN]</c>, a bare claim, a login address with a key behind <c>#</c> or a space,
/// and auth keys of other servers (<c>tskey-…</c>, <c>hskey-…</c>, hexadecimal), which pass through unchanged.
/// </summary>
public sealed partial class ProvisioningText
{
    /// <summary>Longest text that is looked at; a QR code in alphanumeric mode ends at 4296.</summary>
    public const int MaxLength = 1024;

    const string Scheme = "MESHIOT:";

    readonly string authKey;

    ProvisioningText(Uri? loginServer, string authKey, Claim? claim, ServerKeyPin? pin) =>
        (LoginServer, this.authKey, Claim, Pin) = (loginServer, authKey, claim, pin);

    /// <summary>Where to log in; null when the text names no server.</summary>
    public Uri? LoginServer { get; }

    /// <summary>The claim, when the auth key is one.</summary>
    public Claim? Claim { get; }

    /// <summary>The server key to expect; null when the text pins none.</summary>
    public ServerKeyPin? Pin { get; }

    /// <summary>The auth key to send, 24 canonical characters when it is a claim, else unchanged. A secret.</summary>
    public string ExportAuthKey() => authKey;

    /// <summary>Never the key itself.</summary>
    public override string ToString() => $"{LoginServer?.Authority ?? "any server"}, auth key [redacted]";

    /// <summary>
    /// The text of a QR code, upper case throughout so that the code stays in its small alphanumeric mode.
    /// </summary>
    /// <exception cref="ArgumentException">The host is no DNS name or IPv4 address, or the port is out of range.</exception>
    public static string Format(string host, int port, Claim claim, ServerKeyPin? pin)
    {
        if (!Provisioning.LoginServer.IsCodeHost(host))
        {
            throw new ArgumentException("a code carries a DNS name or an IPv4 address", nameof(host));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        string where = port == 0 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        string tail = pin is { } p ? "/" + p.ToString() : "";
        return $"{Scheme}1/{where.ToUpperInvariant()}/{claim.ExportText()}{tail}";
    }

    /// <summary>Reads <paramref name="text"/>; on false, <paramref name="fault"/> says what is wrong without repeating it.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out ProvisioningText? parsed, [NotNullWhen(false)] out FaultReport? fault)
    {
        parsed = null;
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || trimmed.Length > MaxLength)
        {
            fault = Faults.ProvisioningTextUnknown.With(trimmed.IsEmpty ? "it is empty" : $"it is longer than {MaxLength} characters");
            return false;
        }

        if (trimmed.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return TryParseCode(trimmed[Scheme.Length..], out parsed, out fault);
        }

        if (trimmed.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return TryParseUrl(trimmed, out parsed, out fault);
        }

        return TryParseKey(null, trimmed, out parsed, out fault);
    }

    static bool TryParseCode(
        ReadOnlySpan<char> rest, [NotNullWhen(true)] out ProvisioningText? parsed, [NotNullWhen(false)] out FaultReport? fault)
    {
        parsed = null;
        Span<Range> parts = stackalloc Range[6];
        int count = rest.Split(parts, '/');
        ReadOnlySpan<char> version = rest[parts[0]];
        if (!version.SequenceEqual("1"))
        {
            bool number = version.Length is > 0 and < 5 && version.IndexOfAnyExceptInRange('0', '9') < 0;
            fault = number
                ? Faults.ProvisioningTextNewer.With(version.ToString())
                : Faults.ProvisioningTextMalformed.With("it has no version");
            return false;
        }

        if (count is not (3 or 4))
        {
            fault = Faults.ProvisioningTextMalformed.With("it needs a host and a claim, and at most a pin behind them");
            return false;
        }

        if (!TryParseAuthority(rest[parts[1]], out Uri? server))
        {
            fault = Faults.ProvisioningTextMalformed.With("its host is no DNS name or IPv4 address");
            return false;
        }

        if (!Claim.TryParse(rest[parts[2]], out Claim? claim, out fault))
        {
            return false;
        }

        ServerKeyPin? pin = null;
        if (count == 4)
        {
            if (!ServerKeyPin.TryParse(rest[parts[3]].ToString(), out ServerKeyPin read))
            {
                fault = Faults.ProvisioningTextMalformed.With($"its server pin is not {ServerKeyPin.Length} characters");
                return false;
            }

            pin = read;
        }

        parsed = new ProvisioningText(server, claim.ExportText(), claim, pin);
        return true;
    }

    static bool TryParseAuthority(ReadOnlySpan<char> authority, [NotNullWhen(true)] out Uri? server)
    {
        server = null;
        int colon = authority.IndexOf(':'), port = 0;
        ReadOnlySpan<char> host = colon < 0 ? authority : authority[..colon];
        bool portFits = colon < 0 ||
            (ushort.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort given) && (port = given) != 0);
        if (!portFits || !Provisioning.LoginServer.IsCodeHost(host))
        {
            return false;
        }

        server = Provisioning.LoginServer.UrlOf(host.ToString(), port);
        return true;
    }
}
