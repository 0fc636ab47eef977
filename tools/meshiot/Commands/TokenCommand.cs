using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot token: API tokens for the coordinator's REST interface.</summary>
internal static class TokenCommand
{
    static readonly Argument<string> Id = new("id") { Description = "The token's id, from \"meshiot token list\"." };

    static readonly Option<string[]> ScopeList = new("--scope")
    {
        Description = "What it may do: area:read, area:write, area:* or all; comma or space between them. Areas: keys, nodes, routes, users, policy, logins, tokens, settings, audit.",
        HelpName = "SCOPES", AllowMultipleArgumentsPerToken = true, Required = true,
    };

    static readonly Option<string?> User = new("--user") { Description = "In whose name it acts (default: the owner's).", HelpName = "USER" };

    static readonly Option<string> Expiration = new("--expiration") { Description = "How long it is good: 12h, 90d.", HelpName = "TIME", DefaultValueFactory = _ => "90d" };

    static readonly Option<string?> Description = new("--description") { Description = "A note for yourself.", HelpName = "TEXT" };

    public static Command Build() => new("token", "API tokens for the coordinator's REST interface and for this command from afar.")
    {
        new Command("create",
            """
            Create an API token. stdout gets the token; it is shown this once and stored as a hash only.

            Examples:
              (umask 077; meshiot token create --scope nodes:read,keys:write --description laptop >token)
              meshiot node list --coordinator https://coord.example.net --token-file token
            """) { ScopeList, User, Expiration, Description }.Asks(CreateAsync),
        new Command("list", "List the API tokens, without their secrets.").Asks(ListAsync),
        new Command("revoke", "Revoke an API token, at once.") { Id }.Asks(RevokeAsync),
    };

    static async Task<int> CreateAsync(CoordinatorCall call)
    {
        CreateTokenDto asked = new()
        {
            Scopes = [.. call.Value(ScopeList)!.SelectMany(s => s.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            User = call.Value(User),
            Description = call.Value(Description),
            ExpirySeconds = Math.Max(1, (long)Durations.Parse(call.Value(Expiration)!, "--expiration").TotalSeconds),
        };
        TokenDto token = await call.SendAsync(HttpMethod.Post, "api/v1/tokens", asked, CoordinatorJson.Default.CreateTokenDto, CoordinatorJson.Default.TokenDto);
        call.Print(token, CoordinatorJson.Default.TokenDto, () => Console.Out.WriteLine(token.Token));
        return call.Note($"Token {token.Id} of {token.User}, good until {Words.Minute(token.Expires)} UTC. It is shown this once: keep it in a file that only you can read.");
    }

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        List<TokenDto> tokens = await call.ListAsync("api/v1/tokens", CoordinatorJson.Default.TokenListDto, p => (p.Tokens, p.NextCursor));
        return call.Print(new TokenListDto(tokens), CoordinatorJson.Default.TokenListDto, () =>
        {
            Columns columns = new();
            columns.Add("ID", "User", "Scopes", "Used", "Expires", "Description");
            foreach (TokenDto token in tokens)
            {
                columns.Add(token.Id, Words.Cell(token.User), Words.Cell(token.Scopes), Words.Minute(token.LastUsed), Words.Minute(token.Expires), Words.Cell(token.Description));
            }

            columns.Write(Console.Out);
        });
    }

    static async Task<int> RevokeAsync(CoordinatorCall call)
    {
        await call.DeleteAsync("api/v1/tokens/" + call.Segment(Id));
        return ExitCodes.Done;
    }
}
