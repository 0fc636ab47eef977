using System;
using System.Globalization;
using System.Text.Json;
using MeshIoT.Health;

namespace MeshIoT.Alerts;

/// <summary>A notice as it is delivered: the JSON body of a webhook, the payload on MQTT, and what an e-mail is made of.</summary>
public sealed record AlertMessage
{
    /// <summary>Who says it: host name of the gateway or of the coordinator.</summary>
    public required string Source { get; init; }

    /// <summary>"raised", "still" or "over".</summary>
    public required string State { get; init; }

    /// <summary>Code of the fault, as everywhere else.</summary>
    public required string Code { get; init; }

    /// <summary>"low", "medium" or "high".</summary>
    public required string Severity { get; init; }

    /// <summary>What it is about: "sensor:greenhouse".</summary>
    public required string Topic { get; init; }

    /// <summary>What happened, one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do now.</summary>
    public required string Next { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When this was noticed, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Notices before this one that were not sent because there were too many.</summary>
    public int LeftOut { get; init; }

    /// <summary>The message that tells <paramref name="notice"/>.</summary>
    public static AlertMessage From(AlertNotice notice, string source) => new()
    {
        Source = source,
        State = notice.Kind switch { AlertKind.Raised => "raised", AlertKind.Still => "still", _ => "over" },
        Code = notice.Report.Fault.Code,
        Severity = notice.Report.Fault.Severity switch { Health.Severity.High => "high", Health.Severity.Medium => "medium", _ => "low" },
        Topic = notice.Topic,
        Message = notice.Report.Message,
        Next = notice.Report.Next,
        Since = notice.Since,
        Time = notice.At,
        LeftOut = notice.LeftOut,
    };

    /// <summary>One line for a subject or a notification's title.</summary>
    public string Title => State switch
    {
        "over" => $"{Source}: over: {Message}",
        "still" => $"{Source}: still: {Message}",
        _ => $"{Source}: {Message}",
    };

    /// <summary>The whole as plain text.</summary>
    public string Text => Title + "\n"
        + (State == "over" || Next.Length == 0 ? "" : $"Next: {Next}\n")
        + string.Create(CultureInfo.InvariantCulture, $"Since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, noticed {Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({Code}, {Severity}).\n")
        + (LeftOut > 0 ? string.Create(CultureInfo.InvariantCulture, $"{LeftOut} more were left out before this one: too many in one hour.\n") : "");

    /// <summary>As JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AlertJson.Default.AlertMessage);

    /// <summary>From JSON of our own; null when it is none.</summary>
    public static AlertMessage? FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AlertJson.Default.AlertMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
