using System;
using System.Collections.Generic;
using System.IO;
using System.Net;

namespace MeshIoT.Interop.Nat;

/// <summary>A place in the lab with one node: a host behind its network's gateway.</summary>
/// <param name="Name">What the script calls it.</param>
/// <param name="Namespace">The host's network namespace.</param>
/// <param name="Public4">The IPv4 address under which the internet sees the host; null without IPv4.</param>
/// <param name="Public6">The same for IPv6.</param>
/// <param name="Tunnel">The node's address inside the tailnet; null while it has none.</param>
sealed record Site(string Name, string Namespace, IPAddress? Public4, IPAddress? Public6, IPAddress? Tunnel)
{
    /// <summary>Lines of NAME NAMESPACE PUBLIC4 PUBLIC6 TUNNEL, with - for none.</summary>
    public static Dictionary<string, Site> Read(string path)
    {
        Dictionary<string, Site> sites = [];
        foreach (string line in File.ReadLines(path))
        {
            string[] word = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (word.Length >= 5)
            {
                sites[word[0]] = new Site(word[0], word[1], Address(word[2]), Address(word[3]), Address(word[4]));
            }
        }

        return sites;
    }

    static IPAddress? Address(string word) => word == "-" ? null : IPAddress.Parse(word);
}
