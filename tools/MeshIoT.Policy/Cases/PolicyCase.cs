using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;

namespace MeshIoT.Policy.Cases;

/// <summary>A policy with users and nodes to try it on, as one JSON object; and what comes of it, in the same form.</summary>
public sealed class PolicyCase
{
    internal PolicyCase()
    {
    }

    /// <summary>The case's name.</summary>
    public required string Id { get; init; }

    /// <summary>The policy's text.</summary>
    public required string Policy { get; init; }

    internal IReadOnlyList<PolicyUser> Users { get; init; } = [];

    /// <summary>The nodes under the names that the case has for them, in its order.</summary>
    internal IReadOnlyList<(string Name, PolicyNode Node)> Nodes { get; init; } = [];

    /// <summary>
    /// Reads a case: <c>id</c>, <c>policy</c> (HuJSON text or a JSON object), <c>users</c> (id, name, email, optionally role), <c>nodes</c> by
    /// name (tags or user, ipv4, ipv6, routable_ips, approved_routes; optionally id, primary_routes). Null with the reason where it is none.
    /// </summary>
    public static PolicyCase? Read(string line, out string why)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return CaseReader.Read(document.RootElement, out why);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the second for half characters
        {
            why = "not JSON: " + e.Message;
            return null;
        }
    }

    /// <summary>
    /// Compiles the policy and writes what came of it as one line of JSON: <c>id</c>, <c>accepted</c>, and <c>response</c> with the reason or
    /// <c>expected</c> per node. As a coordinator does at registration, routes that the policy approves by itself count as approved.
    /// </summary>
    public string Evaluate()
    {
        PolicyParse parse = PolicyDocument.Parse(Policy);
        if (parse.Policy is not { } document)
        {
            return CaseWriter.Refused(Id, parse.Errors);
        }

        string? domain = Users.FirstOrDefault(u => u.Role == PolicyRole.Owner)?.Email is { Length: > 0 } mail ? mail[(mail.LastIndexOf('@') + 1)..] : null;
        ImmutableArray<PolicyError> errors = domain is null ? [] : document.CheckDomains([domain]);
        CompiledPolicy compiled = CompiledPolicy.Compile(document, Users, [.. Nodes.Select(n => n.Node)]);
        compiled = compiled.With([.. Nodes.Select(n => Approved(compiled, n.Node))]);
        errors = errors.IsEmpty ? compiled.RunTests() : errors;
        return errors.IsEmpty ? CaseWriter.Accepted(Id, Nodes, compiled) : CaseWriter.Refused(Id, errors);
    }

    static PolicyNode Approved(CompiledPolicy compiled, PolicyNode node) => node with
    {
        ApprovedRoutes = [.. node.ApprovedRoutes, .. node.AnnouncedRoutes.Where(r => !node.ApprovedRoutes.Contains(r) && compiled.AutoApproves(node, r))],
    };
}
