using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot up: join a tailnet, or come back to the one this node belongs to.</summary>
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

    static readonly Option<int> Timeout = new("--timeout")
    {
        Description = "Seconds to wait until the node runs; 0 waits for ever.", HelpName = "SECONDS", DefaultValueFactory = _ => 60,
    };

    public static Command Build() => new Command("up",
        """
        Join a tailnet, or come back to the one this node belongs to.

        Examples:
          meshiot up --claim -                                   paste the claim at a prompt
          zbarcam --raw --oneshot | meshiot up --claim -         scan it with a camera
          meshiot up --login-server https://coord.example.net --auth-key file:/boot/key
          meshiot up                                             after "meshiot down"
        """)
    {
        Claim, AuthKey, LoginServer, Hostname, Timeout, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        UpRequestDto request = Read(parsed);
        int seconds = parsed.GetValue(Timeout);
        using UnixHttpClient agent = Shared.Agent(parsed);
        if (!parsed.GetValue(Shared.Json))
        {
            Console.Error.WriteLine(request.LoginServer is { } url ? $"Joining by {url} …" : "Coming up …");
        }

        StatusDto status = await agent.PostAsync("localapi/v0/up", request with { TimeoutSeconds = seconds },
            LocalApiJson.Default.UpRequestDto, LocalApiJson.Default.StatusDto, ct);
        if (parsed.GetValue(Shared.Json))
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
        UpRequestDto request = new() { LoginServer = parsed.GetValue(LoginServer), Hostname = parsed.GetValue(Hostname) };
        string? secret = parsed.GetValue(Claim) is { } claim ? Secret.Read(claim, "--claim")
            : parsed.GetValue(AuthKey) is { } key ? Secret.Read(key, "--auth-key")
            : Environment.GetEnvironmentVariable("MESHIOT_AUTH_KEY") is { Length: > 0 } inherited ? inherited
            : null;
        if (secret is null)
        {
            return request;
        }

        // A claim names its coordinator and pins its key; a plain key leaves both as they were given.
        if (!ProvisioningText.TryParse(secret, out ProvisioningText? read, out FaultReport? fault))
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
}
