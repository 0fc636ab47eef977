using System;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot up: join a tailnet, come back to the one this node belongs to, or change its settings. The waiting is in <see cref="UpWait"/>.</summary>
internal static class UpCommand
{
    static readonly Option<string?> Claim = new("--claim")
    {
        Description = "The text of a claim (MESHIOT:1/…): file:PATH, or - for standard input or a prompt.", HelpName = "CLAIM",
    };

    static readonly Option<string?> AuthKey = new("--auth-key")
    {
        Description = "An auth key of any coordinator: file:PATH, or - for standard input or a prompt (also: MESHIOT_AUTH_KEY).", HelpName = "KEY",
    };

    static readonly Option<string?> LoginServer = new("--login-server") { Description = "The coordinator's URL.", HelpName = "URL" };

    static readonly Option<string?> Hostname = new("--hostname") { Description = "Host name to ask for (default: this machine's).", HelpName = "NAME" };

    static readonly Option<string?> AdvertiseTags = new("--advertise-tags")
    {
        Description = "Tags to ask for, comma between them, \"tag:\" optional; \"\" for none. The coordinator decides.", HelpName = "TAGS",
    };

    static readonly Option<string?> AdvertiseRoutes = new("--advertise-routes")
    {
        Description = "Networks behind this node, comma between them; \"\" for none. The coordinator approves them.", HelpName = "NETWORKS",
    };

    static readonly Option<bool?> AdvertiseExitNode = new("--advertise-exit-node") { Description = "Offer peers the way to the Internet." };

    static readonly Option<bool?> AcceptRoutes = new("--accept-routes") { Description = "Route the networks behind peers to them." };

    static readonly Option<bool?> Ephemeral = new("--ephemeral") { Description = "The coordinator forgets this node once it is away, and when the agent stops." };

    static readonly Option<bool> ForceReauth = new("--force-reauth")
    {
        Description = "Log in again under a new node key; the present one serves until the new one is accepted.",
    };

    static readonly Option<bool> Reset = new("--reset") { Description = "Settings that are not named go back to their defaults." };

    static readonly Option<int?> Timeout = new("--timeout")
    {
        Description = "Seconds to wait until the node runs; 0 waits for ever (default: 60, and for ever while a person has to let the node in).", HelpName = "SECONDS",
    };

    static readonly Option<bool> Qr = new("--qr") { Description = "Draw the login page's address as a QR code too.", DefaultValueFactory = _ => true };

    static readonly Option<TerminalQrFormat> QrFormat = new("--qr-format")
    {
        Description = "How the code is drawn: auto, small, large, ascii.", HelpName = "FORMAT", DefaultValueFactory = _ => TerminalQrFormat.Auto,
    };

    public static Command Build() => new Command("up",
        """
        Join a tailnet, come back to the one this node belongs to, or change its settings.

        Without a key the coordinator names a page where a person lets the node in; it is printed, also as a QR code for a phone.
        A setting that is not named stays as it was; --reset takes those back to their defaults.

        Examples:
          meshiot up --claim -                                   paste the claim at a prompt
          zbarcam --raw --oneshot | meshiot up --claim -         scan it with a camera
          meshiot up --login-server https://coord.example.net    no key: let it in with a phone
          meshiot up --login-server https://coord.example.net --auth-key file:/boot/key
          meshiot up --advertise-routes 192.168.7.0/24           offer the network behind this node
          meshiot up --advertise-routes ""                       and take that back
          meshiot up --force-reauth                              renew the login now
          meshiot up                                             after "meshiot down"
        """)
    {
        Claim, AuthKey, LoginServer, Hostname, AdvertiseTags, AdvertiseRoutes, AdvertiseExitNode, AcceptRoutes, Ephemeral,
        ForceReauth, Reset, Timeout, Qr, QrFormat, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        bool json = parsed.GetValue(Shared.Json);
        int? seconds = parsed.GetValue(Timeout);
        if (seconds is < 0 or > 86_400)
        {
            throw Faults.OptionMalformed.With("--timeout", seconds, "a number of seconds from 0 to 86400").ToException();
        }

        UpRequestDto request = Read(parsed);
        using UnixHttpClient agent = Shared.Agent(parsed);
        if (!json)
        {
            Console.Error.WriteLine(request.LoginServer is { } url ? $"Joining by {url} …" : "Coming up …");
        }

        UpWait wait = new(agent, json, parsed.GetValue(Qr) ? parsed.GetValue(QrFormat) : null, seconds, TimeProvider.System);
        StatusDto status = await wait.RunAsync(request, ct);
        if (json)
        {
            Console.Out.WriteLine(System.Text.Json.JsonSerializer.Serialize(status, CliJson.Default.StatusDto));
        }
        else if (status.Self is { } self)
        {
            Console.Error.WriteLine($"Running as {self.Name}, {string.Join(", ", self.Addresses)}. Next: meshiot status");
        }

        return ExitCodes.Done;
    }

    static UpRequestDto Read(ParseResult parsed)
    {
        UpRequestDto request = new()
        {
            LoginServer = parsed.GetValue(LoginServer),
            Hostname = parsed.GetValue(Hostname),
            AdvertiseTags = Split(parsed.GetValue(AdvertiseTags)),
            AdvertiseRoutes = Split(parsed.GetValue(AdvertiseRoutes)),
            AdvertiseExitNode = parsed.GetValue(AdvertiseExitNode),
            AcceptRoutes = parsed.GetValue(AcceptRoutes),
            Ephemeral = parsed.GetValue(Ephemeral),
            ForceReauth = parsed.GetValue(ForceReauth),
            Reset = parsed.GetValue(Reset),
        };
        if (parsed.GetValue(Claim) is { } claim)
        {
            return WithClaim(request, Secret.Read(claim, "--claim"));
        }

        string? key = parsed.GetValue(AuthKey) is { } given ? Secret.Read(given, "--auth-key")
            : Environment.GetEnvironmentVariable("MESHIOT_AUTH_KEY") is { Length: > 0 } inherited ? inherited : null;
        return key is null ? request : WithKey(request, key);
    }

    // A claim names its coordinator and pins its key; a plain key leaves both as they were given.
    static UpRequestDto WithClaim(UpRequestDto request, string text)
    {
        if (!ProvisioningText.TryParse(text, out ProvisioningText? read, out FaultReport? fault))
        {
            throw new FaultException(fault);
        }

        return request with
        {
            LoginServer = request.LoginServer ?? read.LoginServer?.ToString(),
            AuthKey = read.ExportAuthKey(),
            ServerKeyPin = read.Pin?.ToString(),
        };
    }

    // Whatever a coordinator may have made passes unchanged; what is plainly a claim or a login address is read as one.
    static UpRequestDto WithKey(UpRequestDto request, string text) =>
        text.Contains("://", StringComparison.Ordinal) || text.StartsWith("MESHIOT:", StringComparison.OrdinalIgnoreCase)
            || (Provisioning.Claim.TryParse(text, out _, out _) && !text.StartsWith("tskey", StringComparison.Ordinal))
            ? WithClaim(request, text) : request with { AuthKey = text };

    static string[]? Split(string? list) => list?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
