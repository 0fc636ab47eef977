using System;
using System.CommandLine;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <content>What changes a node.</content>
internal static partial class NodeCommand
{
    static readonly Argument<string> NewName = new("name") { Description = "The new label; \"\" goes back to the host name." };

    static readonly Argument<string[]> NewTags = new("tags") { Description = "All tags it shall have, \"tag:\" optional.", Arity = ArgumentArity.OneOrMore };

    static readonly Argument<string> NewUser = new("user") { Description = "Whom it shall belong to, by login or id." };

    static readonly Option<string?> For = new("--for") { Description = "How long from now: 90d, 12h.", HelpName = "TIME" };

    static readonly Option<bool> Never = new("--never") { Description = "Its key does not expire." };

    static Command Rename() => new Command("rename",
        """
        Give a node another name; its addresses stay.

        Example:
          meshiot node rename n3 greenhouse
        """) { Name, NewName }.Asks(call => PatchAsync(call, new PatchNodeDto { Name = call.Value(NewName) }));

    static Command Tag() => new Command("tag",
        """
        Give a node these tags, in place of those it has. A tagged node belongs to nobody and does not expire.

        Example:
          meshiot node tag greenhouse sensor,barn
        """) { Name, NewTags }.Asks(call => PatchAsync(call, new PatchNodeDto { Tags = Tags.Read(call.Value(NewTags)) }));

    static Command Move() => new Command("move", "Let a node belong to a user; it loses its tags.") { Name, NewUser }
        .Asks(call => PatchAsync(call, new PatchNodeDto { User = call.Value(NewUser) }));

    static readonly Argument<string?> WaitingNode = new("node") { Description = "The node, by id (n3), label or full name.", DefaultValueFactory = _ => null };

    static readonly Option<string?> LoginId = new("--login") { Description = "Instead of a node: a machine that waits at its login page, by that page's id.", HelpName = "ID" };

    static readonly Option<string?> LoginUser = new("--user") { Description = "With --login: whose node it becomes (default: the owner's).", HelpName = "USER" };

    static Command Approve() => new Command("approve",
        """
        Let a node in that waits for approval, or a machine that waits at its login page.

        Examples:
          meshiot node approve greenhouse
          meshiot node approve --login 0123456789abcdefghjkmnpqrs --user ada
        """) { WaitingNode, LoginId, LoginUser }.Asks(ApproveAsync);

    static async Task<int> ApproveAsync(CoordinatorCall call)
    {
        string? node = call.Value(WaitingNode), login = call.Value(LoginId);
        return (node, login) switch
        {
            (null, not null) => await LoginCommand.ApproveAsync(call, login, call.Value(LoginUser)),
            (not null, null) => Show(call, await call.PostAsync($"api/v1/nodes/{Uri.EscapeDataString(node)}/approve", CoordinatorJson.Default.NodeDto)),
            _ => throw Faults.OptionMalformed.With("--login", login ?? "", "given, or a node instead of it").ToException(),
        };
    }

    static Command Expire() => new Command("expire", "Expire a node's key now: it is cut off until it logs in again.") { Name, CoordinatorCall.Yes }
        .Asks(async call =>
        {
            call.Confirm($"Cut off node {call.Value(Name)} until it logs in again");
            return Show(call, await call.PostAsync($"api/v1/nodes/{call.Segment(Name)}/expire", CoordinatorJson.Default.NodeDto));
        });

    static Command Extend() => new Command("extend",
        """
        Say when a node's key expires, counted from now. An expired node comes back by itself.

        Examples:
          meshiot node extend greenhouse --for 90d
          meshiot node extend greenhouse --never
        """) { Name, For, Never }.Asks(ExtendAsync);

    static async Task<int> ExtendAsync(CoordinatorCall call)
    {
        if (call.Value(Never) == (call.Value(For) is not null))
        {
            throw Faults.OptionMalformed.With("--for", call.Value(For) ?? "", "given, or --never instead of it").ToException();
        }

        NodeExpiryDto asked = call.Value(For) is { } time
            ? new() { ExpirySeconds = Math.Max(1, (long)Durations.Parse(time, "--for").TotalSeconds) }
            : new() { Never = true };
        return Show(call, await call.SendAsync(HttpMethod.Put, $"api/v1/nodes/{call.Segment(Name)}/expiry", asked, CoordinatorJson.Default.NodeExpiryDto, CoordinatorJson.Default.NodeDto));
    }

    static async Task<int> PatchAsync(CoordinatorCall call, PatchNodeDto asked) =>
        Show(call, await call.SendAsync(HttpMethod.Patch, "api/v1/nodes/" + call.Segment(Name), asked, CoordinatorJson.Default.PatchNodeDto, CoordinatorJson.Default.NodeDto));
}
