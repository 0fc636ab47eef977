using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace MeshIoT.Web.Tests;

/// <summary>
/// Reads Prometheus' text format 0.0.4 as strictly as its documentation puts it, and stricter: each family in one piece, with HELP and TYPE before its
/// samples, no sample twice, counters end in _total, names and labels well formed, a line feed at the end.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
/// </summary>
internal sealed class MetricsText
{
    readonly Dictionary<string, double> samples = new(StringComparer.Ordinal);

    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public static MetricsText Parse(string text)
    {
        MetricsText result = new();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        HashSet<string> begun = new(StringComparer.Ordinal);
        string family = "", type = "";
        string? helped = null;
        foreach (string line in text[..^1].Split('\n'))
        {
            if (Regex.Match(line, "^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$") is { Success: true } help)
            {
                Assert.True(begun.Add(help.Groups[1].Value), "the family comes twice: " + line);
                helped = help.Groups[1].Value;
                Assert.DoesNotMatch(@"(^|[^\\])(\\\\)*\\([^\\n]|$)", help.Groups[2].Value);
            }
            else if (Regex.Match(line, "^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$") is { Success: true } typed)
            {
                Assert.Equal(helped, typed.Groups[1].Value);
                (family, type) = (typed.Groups[1].Value, typed.Groups[2].Value);
                Assert.True(type != "counter" || family.EndsWith("_total", StringComparison.Ordinal), "a counter must end in _total: " + line);
                Assert.True(type == "counter" || !family.EndsWith("_total", StringComparison.Ordinal), "a gauge must not: " + line);
                Assert.True(family.StartsWith("meshiot_", StringComparison.Ordinal) || family.StartsWith("process_", StringComparison.Ordinal) || family.StartsWith("x_", StringComparison.Ordinal), line);
                result.Names.Add(family);
            }
            else
            {
                result.Take(line, family);
            }
        }

        foreach (string name in result.Names)
        {
            Assert.True(result.samples.Keys.Any(k => k.StartsWith(name + "|", StringComparison.Ordinal)), "a family without samples: " + name);
        }

        return result;
    }

    public double Value(string name, Dictionary<string, string> labels)
    {
        string key = Key(name, labels);
        Assert.True(samples.ContainsKey(key), key + " is not among\n" + string.Join('\n', samples.Keys));
        return samples[key];
    }

    void Take(string line, string family)
    {
        Match match = Regex.Match(line, "^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)$");
        Assert.True(match.Success, "no sample: " + line);
        Assert.Equal(family, match.Groups[1].Value);
        string number = match.Groups[3].Value;
        Assert.True(number is "NaN" or "+Inf" or "-Inf" || Regex.IsMatch(number, @"^-?\d+(\.\d+)?([eE][+-]?\d+)?$"), "no number: " + line);
        double value = double.Parse(number.Replace("+Inf", "Infinity", StringComparison.Ordinal).Replace("-Inf", "-Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        Assert.True(samples.TryAdd(Key(family, Labels(match.Groups[2].Success ? match.Groups[2].Value : "")), value), "the sample comes twice: " + line);
    }

    static Dictionary<string, string> Labels(string text)
    {
        Dictionary<string, string> labels = [];
        int at = 0;
        while (at < text.Length)
        {
            Match name = new Regex("\\G,?([a-zA-Z_][a-zA-Z0-9_]*)=\"").Match(text, at);
            Assert.True(name.Success && (at == 0) != name.Value.StartsWith(',') && !name.Groups[1].Value.StartsWith("__", StringComparison.Ordinal), "a label in: " + text);
            at += name.Length;
            StringBuilder value = new();
            for (; text[at] != '"'; at++)
            {
                if (text[at] == '\\')
                {
                    at++;
                    Assert.Contains(text[at], "\\\"n");
                    value.Append(text[at] == 'n' ? '\n' : text[at]);
                }
                else
                {
                    value.Append(text[at]);
                }
            }

            at++;
            Assert.True(labels.TryAdd(name.Groups[1].Value, value.ToString()), "a label twice: " + text);
        }

        return labels;
    }

    static string Key(string name, Dictionary<string, string> labels) =>
        name + "|" + string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Key + "=" + l.Value));
}
