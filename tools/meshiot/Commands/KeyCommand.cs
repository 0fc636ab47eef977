using System;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot key: the auth keys of the coordinator on this machine.</summary>
internal static class KeyCommand
{
    static readonly Option<bool> Reusable = new("--reusable") { Description = "Admits any number of nodes; without it the key works once." };

    static readonly Option<bool> Ephemeral = new("--ephemeral") { Description = "Nodes that join by it are removed when they stay away." };

    static readonly Option<string> Expiration = new("--expiration")
    {
        Description = "How long the key may be used: 30m, 24h, 7d.", HelpName = "TIME", DefaultValueFactory = _ => "24h",
    };

    static readonly Option<string[]> Tags = new("--tags")
    {
        Description = "Tags the nodes get, \"tag:\" optional; comma or space between them.", HelpName = "TAGS", AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string?> Description = new("--description") { Description = "A note for yourself.", HelpName = "TEXT" };

    static readonly Option<bool> Qr = new("--qr") { Description = "Also draw the claim as a QR code (on stderr, so that stdout stays the claim)." };

    static readonly Option<TerminalQrFormat> QrFormat = new("--qr-format")
    {
        Description = "How the code is drawn: auto, small, large, ascii.", HelpName = "FORMAT", DefaultValueFactory = _ => TerminalQrFormat.Auto,
    };

    static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Print the claim only, no note." };

    static readonly Argument<string> Id = new("id") { Description = "The key's id, from \"meshiot key list\"." };

    public static Command Build() => new("key", "Auth keys that admit nodes, on the coordinator's machine.")
    {
        new Command("create",
            """
            Create an auth key. stdout gets the claim; it is shown this once and stored as a hash only.

            Examples:
              meshiot key create --qr
              meshiot key create --tags sensor --expiration 7d --description "box 12"
              meshiot key create --json | jq -r .key | ssh gateway meshiot up --login-server URL --auth-key -
            """)
        {
            Reusable, Ephemeral, Expiration, Tags, Description, Qr, QrFormat, Quiet, Shared.CoordinatorSocket,
        }.Runs(CreateAsync),
        new Command("list", "List the auth keys, without their secrets.") { Shared.CoordinatorSocket }.Runs(ListAsync),
        new Command("revoke", "Revoke an auth key; nodes that joined by it stay.") { Id, Shared.CoordinatorSocket }.Runs(RevokeAsync),
    };

    static async Task<int> CreateAsync(ParseResult parsed, CancellationToken ct)
    {
        string[] tags = [.. (parsed.GetValue(Tags) ?? [])
            .SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(t => t.StartsWith("tag:", StringComparison.Ordinal) ? t : "tag:" + t)];
        TimeSpan expiration = Durations.Parse(parsed.GetRequiredValue(Expiration), "--expiration");
        using UnixHttpClient coordinator = Shared.Coordinator(parsed);
        KeyDto key = await coordinator.PostAsync("api/v1/keys",
            new CreateKeyDto(parsed.GetValue(Reusable), parsed.GetValue(Ephemeral), (long)expiration.TotalSeconds, tags, parsed.GetValue(Description)),
            CliJson.Default.CreateKeyDto, CliJson.Default.KeyDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(key, CliJson.Default.KeyDto));
            return ExitCodes.Done;
        }

        if (parsed.GetValue(Qr))
        {
            Console.Error.WriteLine(TerminalQr.Render(QrSymbol.EncodeSmallest(key.Claim!), parsed.GetValue(QrFormat)));
        }

        Console.Out.WriteLine(key.Claim);
        if (!parsed.GetValue(Quiet))
        {
            Console.Error.WriteLine($"{(key.Reusable ? "Reusable" : "One-off")}{(key.Ephemeral ? " ephemeral" : "")} key {key.Id}, "
                + $"{(key.Expires is { } until ? $"good until {until:yyyy-MM-dd HH:mm} UTC" : "no expiry")}. It is shown this once. "
                + "Next, on the gateway: meshiot up --claim -");
        }

        return ExitCodes.Done;
    }

    static async Task<int> ListAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient coordinator = Shared.Coordinator(parsed);
        KeyListDto list = await coordinator.GetAsync("api/v1/keys", CliJson.Default.KeyListDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(list, CliJson.Default.KeyListDto));
            return ExitCodes.Done;
        }

        Columns columns = new();
        columns.Add("ID", "Kind", "Tags", "Used", "Expires", "Description");
        foreach (KeyDto key in list.Keys)
        {
            columns.Add(key.Id, (key.Reusable ? "reusable" : "one-off") + (key.Ephemeral ? ",ephemeral" : ""),
                key.Tags.Count == 0 ? "-" : string.Join(',', key.Tags), Day(key.Used), Day(key.Expires), key.Description ?? "-");
        }

        columns.Write(Console.Out);
        return ExitCodes.Done;
    }

    static async Task<int> RevokeAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient coordinator = Shared.Coordinator(parsed);
        await coordinator.DeleteAsync("api/v1/keys/" + Uri.EscapeDataString(parsed.GetRequiredValue(Id)), ct);
        return ExitCodes.Done;
    }

    static string Day(DateTimeOffset? when) => when is { } w ? w.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : "-";
}
