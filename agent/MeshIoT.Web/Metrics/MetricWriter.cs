using System.Globalization;
using System.Text;

namespace MeshIoT.Web.Metrics;

/// <summary>
/// Writes Prometheus' text format, version 0.0.4: for each family its HELP and TYPE once, then its samples, all in one place.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
/// </summary>
internal sealed class MetricWriter
{
    readonly StringBuilder text = new(8192);
    string family = "";

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="name">Its name, [a-zA-Z_:][a-zA-Z0-9_:]*.</param>
    /// <param name="type">"gauge" or "counter".</param>
    /// <param name="help">One sentence.</param>
    public void Family(string name, string type, string help)
    {
        family = name;
        text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, quotes: false);
        text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>A sample of the family.</summary>
    public void Sample(double value, params (string Name, string Value)[] labels)
    {
        text.Append(family);
        if (labels.Length > 0)
        {
            char before = '{';
            foreach ((string name, string labelled) in labels)
            {
                text.Append(before).Append(name).Append("=\"");
                Escape(labelled, quotes: true);
                text.Append('"');
                before = ',';
            }

            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>A family of one sample without labels.</summary>
    public void Single(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Sample(value);
    }

    /// <summary>All of it in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(text.ToString());

    static string Number(double value) => double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    void Escape(string value, bool quotes)
    {
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(c),
            };
        }
    }
}
