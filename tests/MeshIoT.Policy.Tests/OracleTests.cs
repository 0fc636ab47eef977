using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using MeshIoT.Interop;
using MeshIoT.Policy.Cases;
using Xunit;

namespace MeshIoT.Policy.Tests;

/// <summary>Real policies with what Tailscale's own service made of them; each case agrees or is a known exception.</summary>
public class OracleTests
{
    [Theory]
    [InlineData("acl", 98)]
    [InlineData("grants", 98)]
    [InlineData("routes", 98)]
    [InlineData("tests", 98)]
    [InlineData("ssh", 90)]
    [InlineData("sshtests", 90)]
    [InlineData("nodeattrs", 90)]
    public void Policies_compile_to_what_the_service_made_of_them(string category, int leastPercent)
    {
        string file = MeshIoT.Tests.SharedVectors.PathOf($"policy/{category}.jsonl");
        HashSet<string> known = [.. File.ReadLines(Exceptions()).Select(l => l.Split(' ')[0])];
        int all = 0;
        List<string> differ = [];
        foreach (string line in File.ReadLines(file))
        {
            all++;
            PolicyCase? one = PolicyCase.Read(line, out string why);
            Assert.True(one is not null, why);
            IReadOnlyDictionary<Aspect, string> differences = new CaseComparer(JsonElement.Parse(line), JsonElement.Parse(one.Evaluate())).Compare();
            if (differences.Count > 0)
            {
                differ.Add($"{one.Id}: {string.Join("; ", differences)}");
            }
        }

        Assert.Equal([], differ.Where(d => !known.Contains(d.Split(':')[0])));
        Assert.True(differ.Count <= Math.Max(1, all * (100 - leastPercent) / 100), $"{differ.Count} of {all} differ");
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("{\"id\": 1}", "id")]
    [InlineData("{\"id\": \"a\", \"policy\": 1}", "policy")]
    [InlineData("{\"id\": \"a\", \"policy\": \"\", \"nodes\": []}", "nodes")]
    [InlineData("{\"id\": \"a\", \"policy\": \"\", \"nodes\": {\"x\": {\"ipv4\": \"1\"}}}", "ipv4")]
    [InlineData("{\"id\": \"a\", \"policy\": \"\", \"users\": [{}], \"nodes\": {}}", "user")]
    [InlineData("{\"id\": \"a\\ud800\", \"policy\": \"\", \"nodes\": {}}", "JSON")]
    public void What_is_no_case_is_said_to_be_none(string line, string says)
    {
        Assert.Null(PolicyCase.Read(line, out string why));
        Assert.Contains(says, why);
    }

    static string Exceptions()
    {
        DirectoryInfo d = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(d.FullName, "MeshIoT.sln")))
        {
            d = d.Parent!;
        }

        return Path.Combine(d.FullName, "tests/interop/policy-exceptions.txt");
    }
}
