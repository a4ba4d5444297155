using System.Globalization;
using System.Text;
using System.Text.Json;
using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;

namespace DisruptorStream.Cli.State;

/// <summary>Says to programs what lies in the directory of a durable processor.</summary>
internal static class StateJson
{
    public static string Of(DirectoryState state)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
            Write(json, state);
        return Encoding.UTF8.GetString(bytes.ToArray()) + Environment.NewLine;
    }

    private static void Write(Utf8JsonWriter json, DirectoryState state)
    {
        json.WriteStartObject();
        json.WriteString("directory", state.Directory);
        if (state.IsInUse is { } isInUse)
            json.WriteBoolean("inUse", isInUse);
        else
            json.WriteNull("inUse");
        var id = state.Journal.Identity?.StreamId ?? state.Newest?.StreamId;
        json.WriteString("stream", id?.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteString("plan", (state.Journal.Identity?.Plan ?? state.Newest?.Plan)?.ToString());
        Write(json, state.Journal);
        json.WriteStartArray("snapshots");
        foreach (var entry in state.Snapshots)
            Write(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JournalContents journal)
    {
        json.WriteStartObject("journal");
        json.WriteStartArray("files");
        foreach (var segment in journal.Segments)
        {
            json.WriteStartObject();
            json.WriteString("name", Path.GetFileName(segment.Path));
            json.WriteNumber("firstSlot", segment.FirstSequence);
            if (segment.EndOffset == JournalSegment.Open)
                json.WriteNull("bytes");
            else
                json.WriteNumber("bytes", segment.EndOffset);
            json.WriteString("plan", segment.Header.Identity.Plan.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("firstSlot", journal.FirstSequence);
        json.WriteNumber("lastSlot", journal.LastSequence);
        json.WriteNumber("durableTo", journal.DurableTo);
        json.WriteBoolean("closed", journal.EndsCleanly);
        json.WriteNumber("bytesCut", journal.CutBytes);
        json.WriteNumber("filesReady", journal.Spares.Count);
        json.WriteStartArray("damage");
        foreach (var damage in journal.Damage)
            json.WriteStringValue(damage.ToString());
        json.WriteEndArray();
        json.WriteStartArray("arrived");
        foreach (var number in journal.Positions)
            json.WriteNumberValue(number);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SnapshotEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteNumber("slot", entry.Sequence);
        json.WriteNumber("bytes", entry.LengthBytes);
        json.WriteString("problem", entry.Problem);
        if (entry.Info is { } info)
        {
            json.WriteString("taken", DateTimeOffset.UnixEpoch.AddTicks(info.TakenTicks));
            json.WriteString("plan", info.Plan.ToString());
            json.WriteString("release", info.Release);
            json.WriteString("timeZones", info.TimeZoneVersion);
            json.WriteStartObject("results");
            foreach (var (query, number) in QueryNames.ResultsOf(info))
                json.WriteNumber(query, number);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
