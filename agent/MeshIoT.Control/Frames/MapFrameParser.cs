using System;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>
/// Reads the JSON of one map frame piece by piece: members and list elements are taken as soon as they are whole, so that no more than the
/// longest of them need be in memory. Bytes in, a <see cref="MapFrame"/> filled; <see cref="JsonException"/> for what is no frame.
/// control-plane.md section 5.3.
/// </summary>
internal sealed class MapFrameParser
{
    readonly MapFrameMembers members;
    JsonReaderState state;
    Step step;
    MapMember member;
    int skipDepth;

    /// <summary>For one frame; <paramref name="nodes"/> is shared by the frames of a stream.</summary>
    public MapFrameParser(WireNodes nodes) => members = new MapFrameMembers(nodes);

    enum Step
    {
        Start,
        Name,
        Value,
        Element,
        FilterName,
        FilterValue,
        FilterElement,
        Skip,
        End,
    }

    /// <summary>Takes what it can of <paramref name="window"/>: the bytes behind those taken before.</summary>
    /// <param name="window">Text of the frame.</param>
    /// <param name="isLast">No more follows.</param>
    /// <returns>Bytes taken; if none, a longer window is needed.</returns>
    public int Feed(ReadOnlySpan<byte> window, bool isLast)
    {
        Utf8JsonReader reader = new(window, isLast, state);
        while (Advance(ref reader))
        {
        }

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    /// <summary>The frame, when all of it has been fed.</summary>
    public MapFrame Finish() => step == Step.End ? members.Finish() : throw new JsonException("the frame ends early");

    /// <summary>One step; false if the window does not hold enough for it.</summary>
    bool Advance(ref Utf8JsonReader reader) => step switch
    {
        Step.Start => Start(ref reader),
        Step.Name => Name(ref reader),
        Step.Value => Value(ref reader),
        Step.Element => Element(ref reader),
        Step.FilterName => FilterName(ref reader),
        Step.FilterValue => FilterValue(ref reader),
        Step.FilterElement => FilterElement(ref reader),
        Step.Skip => Skip(ref reader),
        _ => reader.Read(), // white space only; anything else throws
    };

    bool Start(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        Expect(reader.TokenType == JsonTokenType.StartObject);
        step = Step.Name;
        return true;
    }

    bool Name(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.EndObject)
        {
            step = Step.End;
            return true;
        }

        member = MapMember.Find(ref reader);
        step = Step.Value;
        return true;
    }

    bool Value(ref Utf8JsonReader reader)
    {
        if (member.Kind == MapMemberKind.Whole)
        {
            if (!HasWhole(reader))
            {
                return false;
            }

            reader.Read();
            members.Take(ref reader, member);
            step = Step.Name;
            return true;
        }

        if (!reader.Read())
        {
            return false;
        }

        bool opens = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
        if (member.Kind == MapMemberKind.Unknown)
        {
            skipDepth = reader.CurrentDepth;
            step = opens ? Step.Skip : Step.Name;
        }
        else if (reader.TokenType == JsonTokenType.Null)
        {
            step = Step.Name;
        }
        else
        {
            Expect(reader.TokenType == (member.Kind == MapMemberKind.Filters ? JsonTokenType.StartObject : JsonTokenType.StartArray));
            members.Begin(member);
            step = member.Kind == MapMemberKind.Filters ? Step.FilterName : Step.Element;
        }

        return true;
    }

    bool Element(ref Utf8JsonReader reader) => ListElement(ref reader, Step.Name);

    bool FilterElement(ref Utf8JsonReader reader) => ListElement(ref reader, Step.FilterName);

    bool ListElement(ref Utf8JsonReader reader, Step after)
    {
        if (!HasWhole(reader))
        {
            return false;
        }

        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            step = after;
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            members.TakeElement(ref reader, member);
        }

        return true;
    }

    bool FilterName(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.EndObject)
        {
            step = Step.Name;
        }
        else
        {
            members.BeginFilter(reader.GetString()!);
            step = Step.FilterValue;
        }

        return true;
    }

    bool FilterValue(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.Null)
        {
            members.DeleteFilter();
            step = Step.FilterName;
            return true;
        }

        Expect(reader.TokenType == JsonTokenType.StartArray);
        step = Step.FilterElement;
        return true;
    }

    bool Skip(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (reader.CurrentDepth == skipDepth && reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            step = reader.CurrentDepth == skipDepth ? Step.Name : Step.Skip;
        }

        return true;
    }

    /// <summary>True if the next token, and all that belongs to it, lies in the window.</summary>
    static bool HasWhole(Utf8JsonReader probe) => probe.Read() && probe.TrySkip();

    static void Expect(bool isRight)
    {
        if (!isRight)
        {
            throw new JsonException("a map frame of another shape");
        }
    }
}
