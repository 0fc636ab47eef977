using System;
using System.Collections.Generic;
using System.Text;

namespace MeshIoT.Mqtt.Sparkplug;

/// <summary>Payloads of Sparkplug B (org.eclipse.tahu.protobuf.Payload): field numbers of the specification 3.0, section 6.4.1.</summary>
internal static class SparkplugPayload
{
    const int Timestamp = 1, Metrics = 2, Seq = 3;

    const int Name = 1, MetricTimestamp = 3, DataType = 4, IsHistorical = 5, IsNull = 7, Properties = 9, LongValue = 11, DoubleValue = 13, BooleanValue = 14;

    const int Keys = 1, Values = 2, ValueType = 1, ValueString = 8;

    const int MostCommands = 64;

    /// <summary>A payload.</summary>
    /// <param name="unixMs">When it is sent.</param>
    /// <param name="metrics">What it holds.</param>
    /// <param name="seq">Its number, 0 to 255; null: it has none (NDEATH).</param>
    public static byte[] Write(long unixMs, IReadOnlyList<SparkplugMetric> metrics, int? seq)
    {
        ProtobufWriter payload = new();
        payload.UInt64(Timestamp, (ulong)unixMs);
        foreach (SparkplugMetric metric in metrics)
        {
            payload.Message(Metrics, Of(metric));
        }

        if (seq is { } number)
        {
            payload.UInt64(Seq, (ulong)number);
        }

        return payload.ToArray();
    }

    /// <summary>The names of the flags that a command sets, such as <c>Node Control/Rebirth</c>; hostile bytes give none.</summary>
    public static IReadOnlyList<string> ReadCommands(ReadOnlySpan<byte> bytes)
    {
        List<string> names = [];
        ProtobufReader payload = new(bytes);
        while (payload.Read() && names.Count < MostCommands)
        {
            if (payload.Field != Metrics)
            {
                continue;
            }

            string name = "";
            bool isSet = false;
            ProtobufReader metric = new(payload.Bytes);
            while (metric.Read())
            {
                name = metric.Field == Name ? Encoding.UTF8.GetString(metric.Bytes) : name;
                isSet = metric.Field == BooleanValue ? metric.Number != 0 : isSet;
            }

            if (isSet && !metric.IsBroken)
            {
                names.Add(name);
            }
        }

        return names;
    }

    static ProtobufWriter Of(SparkplugMetric metric)
    {
        ProtobufWriter to = new();
        to.Text(Name, metric.Name);
        to.UInt64(MetricTimestamp, (ulong)metric.UnixMs);
        to.UInt64(DataType, (ulong)metric.Type);
        if (metric.IsHistorical)
        {
            to.Bool(IsHistorical, true);
        }

        if (metric.Type == SparkplugType.Double && metric.Number is null)
        {
            to.Bool(IsNull, true);
        }

        if (metric.Unit.Length > 0)
        {
            ProtobufWriter value = new(), properties = new();
            value.UInt64(ValueType, (ulong)SparkplugType.String);
            value.Text(ValueString, metric.Unit);
            properties.Text(Keys, "engUnit");
            properties.Message(Values, value);
            to.Message(Properties, properties);
        }

        switch (metric.Type)
        {
            case SparkplugType.Double when metric.Number is { } number:
                to.Double(DoubleValue, number);
                break;
            case SparkplugType.Boolean:
                to.Bool(BooleanValue, metric.Flag);
                break;
            case SparkplugType.Int64 or SparkplugType.UInt64:
                to.UInt64(LongValue, metric.Whole);
                break;
        }

        return to;
    }
}
