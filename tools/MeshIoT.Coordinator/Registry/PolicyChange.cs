using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Tasks;
using MeshIoT.Policy;

namespace MeshIoT.Coordinator;

/// <summary>
/// Setting the policy: read, worked out for all users and nodes, its tests run, and put in force, in one operation of the writer.
/// A policy with an error, or with a test that does not hold, changes nothing.
/// </summary>
internal static class PolicyChange
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Puts <paramref name="text"/> in force.</summary>
    /// <param name="writer">Whose tailnet.</param>
    /// <param name="text">HuJSON.</param>
    /// <param name="author">Who sets it, for the audit log.</param>
    /// <param name="expectedId">The version that the editor started from (0: none was there); null: whatever there is.</param>
    /// <exception cref="Health.FaultException">It could not be stored.</exception>
    public static async Task<PolicyOutcome> SetAsync(StateWriter writer, string text, string author, long? expectedId = null)
    {
        (PolicyDocument? document, ImmutableArray<PolicyError> errors) = Read(text);
        return document is null
            ? new PolicyOutcome(writer.Current.Policy, errors)
            : await writer.ChangeAsync(edit => Set(edit, text, document, author, expectedId)).ConfigureAwait(false);
    }

    /// <summary>What <see cref="SetAsync"/> would say, without doing it.</summary>
    public static PolicyOutcome Check(Tailnet tailnet, string text)
    {
        (PolicyDocument? document, ImmutableArray<PolicyError> errors) = Read(text);
        return new PolicyOutcome(tailnet.Policy, document is null ? errors : Access.Of(document, tailnet).RunTests());
    }

    static (PolicyDocument? Document, ImmutableArray<PolicyError> Errors) Read(string text)
    {
        if (text.Length > MaxLength)
        {
            return (null, [new PolicyError(1, 1, $"the policy has more than {MaxLength} characters")]);
        }

        PolicyParse parse = PolicyDocument.Parse(text);
        return (parse.Policy, parse.Errors);
    }

    static PolicyOutcome Set(TailnetEdit edit, string text, PolicyDocument document, string author, long? expectedId)
    {
        PolicyRecord? before = edit.Current.Policy;
        if (expectedId is not null && expectedId != (before?.Id ?? 0))
        {
            return new PolicyOutcome(before, [], IsConflict: true);
        }

        Access made = Access.Of(document, edit.Current);
        ImmutableArray<PolicyError> failed = made.RunTests();
        if (!failed.IsEmpty)
        {
            return new PolicyOutcome(before, failed);
        }

        PolicyRecord policy = new((before?.Id ?? 0) + 1, text, edit.Now, author);
        edit.Put(policy, made);
        edit.Audit(new AuditEntry(edit.Now, author, "policy.set", "policy " + policy.Id.ToString(CultureInfo.InvariantCulture), $"{text.Length} characters"));
        ApproveRoutes(edit);
        return new PolicyOutcome(policy, []);
    }

    // What the new policy approves by itself, of what nodes announce already.
    static void ApproveRoutes(TailnetEdit edit)
    {
        foreach (NodeRecord node in edit.Current.Nodes.Values)
        {
            if (!node.Announced.IsEmpty && RouteApproval.Automatic(edit, node, edit.Now) is var next && !ReferenceEquals(next, node))
            {
                edit.Put(next, Show.Everybody);
            }
        }
    }
}
