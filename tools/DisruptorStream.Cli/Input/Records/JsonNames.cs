using System.Text.Json;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Collects the paths of a line of JSON, so that a name that no line has can be told the nearest.</summary>
internal static class JsonNames
{
    private const int MostDepth = 8;

    public static void AddTo(FieldSightings sightings, ReadOnlySpan<byte> record, JsonReaderOptions options)
    {
        try
        {
            var reader = new Utf8JsonReader(record, options);
            using var document = JsonDocument.ParseValue(ref reader);
            Add(sightings, document.RootElement, "", 0);
        }
        catch (JsonException)
        {
            // It is no JSON, which is told elsewhere.
        }
    }

    private static void Add(FieldSightings sightings, JsonElement element, string path, int depth)
    {
        if (path.Length > 0)
            sightings.AddName(path);
        if (depth == MostDepth)
            return;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (NameOf(member) is { } name)
                    Add(sightings, member.Value, path.Length == 0 ? name : $"{path}.{name}", depth + 1);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
        {
            Add(sightings, element[0], $"{path}[0]", depth + 1);
        }
    }

    /// <summary>Null where it is no text: nobody can ask for it.</summary>
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
