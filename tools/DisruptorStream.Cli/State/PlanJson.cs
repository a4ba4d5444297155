using System.Text;
using System.Text.Json;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Plans.Records;

namespace DisruptorStream.Cli.State;

/// <summary>Says to programs what a plan is, or how it compares with the state of a directory.</summary>
internal static class PlanJson
{
    /// <summary>The plan of a directory; null for none.</summary>
    public static string Of(StatePlan? plan) => Object(json =>
    {
        json.WriteString("name", plan?.Name);
        json.WriteString("fingerprint", plan?.Fingerprint);
        json.WriteStartArray("queries");
        foreach (var query in plan?.Queries ?? [])
            json.WriteStringValue(query);
        json.WriteEndArray();
        json.WriteStartArray("options");
        if (plan?.Record is { } record)
        {
            WriteOptions(json, null, record.Options);
            foreach (var query in record.Queries)
                WriteOptions(json, record.NameOf(query.Name), query.Options);
        }

        json.WriteEndArray();
    });

    public static string Of(PlanComparison comparison) => Object(json =>
    {
        json.WriteString("directory", comparison.Directory);
        json.WriteBoolean("new", comparison.IsNew);
        json.WriteBoolean("same", comparison.IsSame);
        json.WriteBoolean("changesState", comparison.ChangesState);
        json.WriteNumber("slotsBehind", comparison.SlotsBehind);
        json.WriteString("refused", comparison.WhyRefused(PlanChangePolicy.Apply));
        json.WriteStartArray("parts");
        foreach (var part in comparison.Parts)
        {
            json.WriteStartObject();
            json.WriteString("kind", Name(part.Kind.ToString()));
            json.WriteString("query", part.Query);
            json.WriteString("name", part.Name);
            json.WriteString("outcome", Name(part.Outcome.ToString()));
            json.WriteString("reason", part.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("options");
        foreach (var option in comparison.Options)
        {
            json.WriteStartObject();
            json.WriteString("query", option.Query);
            json.WriteString("name", option.Name);
            json.WriteString("before", option.Before);
            json.WriteString("now", option.Now);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("remarks");
        foreach (var remark in comparison.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
    });

    private static void WriteOptions(Utf8JsonWriter json, string? query, IReadOnlyList<RecordedOption> options)
    {
        foreach (var option in options)
        {
            json.WriteStartObject();
            json.WriteString("query", query);
            json.WriteString("name", option.Name);
            json.WriteString("value", option.Value);
            json.WriteEndObject();
        }
    }

    private static string Name(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Object(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + Environment.NewLine;
    }
}
