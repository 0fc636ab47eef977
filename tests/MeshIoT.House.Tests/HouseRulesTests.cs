using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.House.Tests;

/// <summary>Rules of the house that a compiler does not know: file sizes, layering, one line of ARCHITECTURE per project.</summary>
public class HouseRulesTests
{
    static readonly string Root = FindRoot();

    static string FindRoot()
    {
        DirectoryInfo? d = new(AppContext.BaseDirectory);
        while (d is not null && !File.Exists(Path.Combine(d.FullName, "MeshIoT.sln")))
        {
            d = d.Parent;
        }

        return d?.FullName ?? throw new InvalidOperationException("MeshIoT.sln not found above the test");
    }

    static IEnumerable<string> Sources() => new[] { "agent", "tools", "tests", "firmware" }
        .Select(f => Path.Combine(Root, f)).Where(Directory.Exists)
        .SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    [Fact]
    public void Files_stay_readable_in_one_sitting()
    {
        var lengths = Sources().Select(f => (File: f, Lines: File.ReadLines(f).Count())).OrderBy(x => x.Lines).ToList();
        Assert.Empty(lengths.Where(x => x.Lines > 800).Select(x => $"{x.File}: {x.Lines} lines"));
        int p90 = lengths[(int)(lengths.Count * 0.9)].Lines, median = lengths[lengths.Count / 2].Lines;
        Assert.True(p90 <= 300, $"nine of ten files have at most {p90} lines; the house allows 300");
        Assert.True(median <= 120, $"median is {median} lines; the house aims at 80");
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_its_line_in_ARCHITECTURE()
    {
        string solution = File.ReadAllText(Path.Combine(Root, "MeshIoT.sln"));
        string architecture = File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md"));
        foreach (string project in new[] { "agent", "tools", "tests" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.csproj", SearchOption.AllDirectories)))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            if (!File.ReadAllText(project).Contains("<IsOutsideSolution>true", StringComparison.Ordinal))
            {
                Assert.Contains($"\"{name}\"", solution);
            }

            if (!name.EndsWith(".Tests", StringComparison.Ordinal))
            {
                Assert.Contains($"`{name}`", architecture);
            }
        }
    }

    [Fact]
    public void Every_fault_in_the_catalogue_has_a_code_of_its_own_and_can_happen()
    {
        string[] programs = [.. Sources().Where(f => !f.Contains("/tests/", StringComparison.Ordinal) && !f.Contains("/MeshIoT.Health/", StringComparison.Ordinal)).Select(File.ReadAllText)];
        List<string> codes = [];
        foreach (FieldInfo field in typeof(Faults).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            codes.Add(((Fault)field.GetValue(null)!).Code);
            Assert.True(Array.Exists(programs, p => Regex.IsMatch(p, $@"Faults\.{field.Name}\b")), $"nothing raises Faults.{field.Name}");
        }

        Assert.NotEmpty(codes);
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, c => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", c));
    }
}
