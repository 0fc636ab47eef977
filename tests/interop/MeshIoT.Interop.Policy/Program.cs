using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using MeshIoT.Interop;

// compare CASES RESULTS EXCEPTIONS LEAST-PERCENT: one category of tests/interop/policy.sh. Prints the row of the table and every case that
// differs; exit code 1 when fewer agree than asked, or one differs that the file of known exceptions does not list.
if (args is not ["compare", string casesFile, string resultsFile, string exceptionsFile, string leastText])
{
    Console.Error.WriteLine("usage: compare CASES RESULTS EXCEPTIONS LEAST-PERCENT");
    return 2;
}

Dictionary<string, string> known = File.ReadLines(exceptionsFile).Where(l => l.Length > 0 && l[0] != '#' && l.Contains(' ', StringComparison.Ordinal))
    .ToDictionary(l => l[..l.IndexOf(' ', StringComparison.Ordinal)], l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim());
Dictionary<string, JsonElement> results = File.ReadLines(resultsFile).Select(l => JsonElement.Parse(l)).ToDictionary(r => r.GetProperty("id").GetString()!);
Dictionary<Aspect, int> right = Enum.GetValues<Aspect>().ToDictionary(a => a, _ => 0);
int cases = 0, agreeing = 0, unknown = 0;
List<string> lines = [];
foreach (JsonElement wanted in File.ReadLines(casesFile).Where(l => l.Length > 0).Select(l => JsonElement.Parse(l)))
{
    cases++;
    string id = wanted.GetProperty("id").GetString()!;
    IReadOnlyDictionary<Aspect, string> differences = results.TryGetValue(id, out JsonElement found)
        ? new CaseComparer(wanted, found).Compare() : new Dictionary<Aspect, string> { [Aspect.Verdict] = "no result" };
    agreeing += differences.Count == 0 ? 1 : 0;
    foreach (Aspect aspect in right.Keys.ToArray())
    {
        right[aspect] += differences.ContainsKey(aspect) || (differences.ContainsKey(Aspect.Verdict) && aspect != Aspect.Verdict) ? 0 : 1;
    }

    if (differences.Count > 0)
    {
        string how = string.Join("; ", differences.Select(d => $"{d.Key.ToString().ToLowerInvariant()}: {(d.Value.Length > 220 ? d.Value[..220] + "..." : d.Value)}")).Replace('\n', ' ');
        unknown += known.ContainsKey(id) ? 0 : 1;
        lines.Add(known.TryGetValue(id, out string? reason) ? $"   known  {id}: {reason}" : $"   differs {id}: {how}");
    }
}

double percent = cases == 0 ? 0 : 100.0 * agreeing / cases;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"   {Path.GetFileNameWithoutExtension(casesFile),-10} {cases,5} {agreeing,5} {percent,6:0.0} %  {string.Join("  ", right.Select(r => $"{r.Value,7}"))}"));
lines.ForEach(Console.WriteLine);
// In a small category a single case is more than the share that may differ.
int mayDiffer = Math.Max(1, (int)(cases * (100 - double.Parse(leastText, CultureInfo.InvariantCulture)) / 100));
return cases - agreeing <= mayDiffer && unknown == 0 ? 0 : 1;
