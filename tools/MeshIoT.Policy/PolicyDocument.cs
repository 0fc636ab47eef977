using System.Collections.Generic;
using System.Collections.Immutable;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy;

/// <summary>
/// A policy that was read and makes sense in itself: who may reach whom, log in where, own which tag, offer which route. It says nothing
/// about nodes; <see cref="CompiledPolicy"/> brings the two together. Immutable. control-plane.md section 7.11.
/// </summary>
public sealed class PolicyDocument
{
    internal PolicyDocument()
    {
    }

    /// <summary>What holds where no policy was ever set: everybody reaches everybody.</summary>
    public static PolicyDocument AllowAll { get; } = new();

    /// <summary>The text it was read from; empty for <see cref="AllowAll"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>True when the policy has neither acls nor grants, so that everything is allowed.</summary>
    public bool AllowsAll => Rules is null;

    internal IReadOnlyList<GrantRule>? Rules { get; init; }

    internal IReadOnlyDictionary<string, ImmutableArray<Alias>> Groups { get; init; } = ImmutableDictionary<string, ImmutableArray<Alias>>.Empty;

    internal IReadOnlyDictionary<string, ImmutableArray<Alias>> TagOwners { get; init; } = ImmutableDictionary<string, ImmutableArray<Alias>>.Empty;

    internal IReadOnlyList<(AddressRange Range, ImmutableArray<Alias> Approvers)> RouteApprovers { get; init; } = [];

    internal ImmutableArray<Alias> ExitApprovers { get; init; } = [];

    internal IReadOnlyList<NodeAttrRule> NodeAttrs { get; init; } = [];

    internal IReadOnlyList<SshPolicyRule> Ssh { get; init; } = [];

    internal IReadOnlyList<ReachTest> Tests { get; init; } = [];

    internal IReadOnlyList<SshTest> SshTests { get; init; } = [];

    /// <summary>Mail domains named in user:*@domain and localpart:*@domain, with their places.</summary>
    internal IReadOnlyList<(string Domain, Hujson.TextPosition At)> Domains { get; init; } = [];

    /// <summary>
    /// Reads a policy: JSON, with // and /* */ comments and trailing commas. Never throws on any text; every error names the line and
    /// column of the token at fault.
    /// </summary>
    public static PolicyParse Parse(string hujson) => PolicyReader.Read(hujson);

    /// <summary>Tags that the policy knows, with their "tag:".</summary>
    public IEnumerable<string> Tags => TagOwners.Keys;

    /// <summary>
    /// An error for every mail domain in the policy that is not one of <paramref name="domains"/>: such names would match nobody, or
    /// people whom nobody vouches for. Compared letter by letter.
    /// </summary>
    public ImmutableArray<PolicyError> CheckDomains(IReadOnlyCollection<string> domains)
    {
        ImmutableArray<PolicyError>.Builder errors = ImmutableArray.CreateBuilder<PolicyError>();
        HashSet<string> known = new(domains, System.StringComparer.Ordinal);
        foreach ((string domain, Hujson.TextPosition at) in Domains)
        {
            if (!known.Contains(domain))
            {
                errors.Add(at.Error($"{domain} is not a domain of this tailnet and cannot be used in user:*@domain or localpart:*@domain"));
            }
        }

        return errors.ToImmutable();
    }
}
