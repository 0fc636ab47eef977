using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot key: the coordinator's auth keys.</summary>
internal static class KeyCommand
{
    static readonly Option<bool> Reusable = new("--reusable") { Description = "Admits any number of nodes; without it the key works once." };

    static readonly Option<bool> Ephemeral = new("--ephemeral") { Description = "Nodes that join by it are removed when they stay away." };

    static readonly Option<string> Expiration = new("--expiration")
    {
        Description = "How long the key may be used: 30m, 24h, 7d.", HelpName = "TIME", DefaultValueFactory = _ => "24h",
    };

    static readonly Option<string?> User = new("--user") { Description = "Whose nodes it admits, by login or id (default: the owner's).", HelpName = "USER" };

    static readonly Option<bool> NeedsApproval = new("--needs-approval") { Description = "Its nodes wait for approval, where the tailnet asks for that." };

    static readonly Option<string[]> TagList = new("--tags")
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

    public static Command Build() => new("key", "Auth keys that admit nodes.")
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
            Reusable, Ephemeral, Expiration, TagList, User, NeedsApproval, Description, Qr, QrFormat, Quiet,
        }.Asks(CreateAsync),
        new Command("list", "List the auth keys, without their secrets.").Asks(ListAsync),
        new Command("revoke", "Revoke an auth key; nodes that joined by it stay.") { Id }.Asks(RevokeAsync),
    };

    static async Task<int> CreateAsync(CoordinatorCall call)
    {
        TimeSpan expiration = Durations.Parse(call.Value(Expiration)!, "--expiration");
        CreateKeyDto asked = new()
        {
            Reusable = call.Value(Reusable),
            Ephemeral = call.Value(Ephemeral),
            ExpirySeconds = Math.Max(1, (long)expiration.TotalSeconds),
            Tags = Tags.Read(call.Value(TagList)),
            User = call.Value(User),
            Preapproved = call.Value(NeedsApproval) ? false : null,
            Description = call.Value(Description),
        };
        KeyDto key = await call.SendAsync(HttpMethod.Post, "api/v1/keys", asked, CoordinatorJson.Default.CreateKeyDto, CoordinatorJson.Default.KeyDto);
        return call.Print(key, CoordinatorJson.Default.KeyDto, () => Show(call, key));
    }

    static void Show(CoordinatorCall call, KeyDto key)
    {
        if (call.Value(Qr))
        {
            Console.Error.WriteLine(TerminalQr.Render(QrSymbol.EncodeSmallest(key.Claim!), call.Value(QrFormat)));
        }

        Console.Out.WriteLine(key.Claim);
        if (!call.Value(Quiet))
        {
            call.Note($"{(key.Reusable ? "Reusable" : "One-off")}{(key.Ephemeral ? " ephemeral" : "")} key {key.Id}, good until {Words.Minute(key.Expires)} UTC. It is shown this once. "
                + "Next, on the gateway: meshiot up --claim -");
        }
    }

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        List<KeyDto> keys = await call.ListAsync("api/v1/keys", CoordinatorJson.Default.KeyListDto, p => (p.Keys, p.NextCursor));
        return call.Print(new KeyListDto(keys), CoordinatorJson.Default.KeyListDto, () =>
        {
            Columns columns = new();
            columns.Add("ID", "Kind", "Tags", "Used", "Expires", "User", "Description");
            foreach (KeyDto key in keys)
            {
                columns.Add(key.Id, (key.Reusable ? "reusable" : "one-off") + (key.Ephemeral ? ",ephemeral" : "") + (key.Preapproved ? "" : ",needs-approval"),
                    Words.Cell(key.Tags), Words.Minute(key.Used), Words.Minute(key.Expires), Words.Cell(key.User), Words.Cell(key.Description));
            }

            columns.Write(Console.Out);
        });
    }

    static async Task<int> RevokeAsync(CoordinatorCall call)
    {
        await call.DeleteAsync("api/v1/keys/" + call.Segment(Id));
        return ExitCodes.Done;
    }
}
