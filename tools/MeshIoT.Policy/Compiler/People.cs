using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy.Compiler;

/// <summary>Which users a policy's names for people mean. A name that means nobody, or more than one user, matches nobody.</summary>
internal sealed class People
{
    readonly PolicyDocument document;
    readonly List<PolicyUser> users;
    readonly Dictionary<string, long[]> byMail, byName;

    public People(PolicyDocument document, IEnumerable<PolicyUser> users)
    {
        this.document = document;
        this.users = [.. users];
        byMail = Index(this.users.Where(u => !string.IsNullOrEmpty(u.Email)), u => u.Email!);
        byName = Index(this.users, u => u.Name);
    }

    public PolicyUser? ById(long id) => users.Find(u => u.Id == id);

    public IReadOnlyList<PolicyUser> All => users;

    /// <summary>The users an alias means; for tags and addresses nobody.</summary>
    public HashSet<long> Of(Alias alias)
    {
        HashSet<long> found = [];
        switch (alias.Kind)
        {
            case AliasKind.User:
                AddUser(found, alias.Text);
                break;
            case AliasKind.Group:
                foreach (Alias member in document.Groups.TryGetValue(alias.Text, out var members) ? members : [])
                {
                    found.UnionWith(Of(member));
                }

                break;
            case AliasKind.UserDomain:
                found.UnionWith(users.Where(u => u.Email is { } mail && mail.LastIndexOf('@') is >= 0 and int at && mail[(at + 1)..] == alias.Domain).Select(u => u.Id));
                break;
            case AliasKind.AutoGroup when alias.Text is Alias.Member:
                found.UnionWith(users.Select(u => u.Id));
                break;
            case AliasKind.AutoGroup when alias.Text is Alias.Admin:
                found.UnionWith(users.Where(u => u.Role is PolicyRole.Admin or PolicyRole.Owner).Select(u => u.Id));
                break;
            case AliasKind.AutoGroup when alias.Text is Alias.Owner:
                found.UnionWith(users.Where(u => u.Role is PolicyRole.Owner).Select(u => u.Id));
                break;
        }

        return found;
    }

    void AddUser(HashSet<long> found, string text)
    {
        long[]? ids = text.EndsWith('@') ? byName.GetValueOrDefault(text[..^1])
            : byMail.GetValueOrDefault(text) ?? byName.GetValueOrDefault(text);
        if (ids is [long one])
        {
            found.Add(one);
        }
    }

    static Dictionary<string, long[]> Index(IEnumerable<PolicyUser> users, Func<PolicyUser, string> key)
        => users.GroupBy(key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(u => u.Id).ToArray(), StringComparer.Ordinal);
}
