using System.Text.Json;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Collects the paths of a line of JSON, so that a name that no line has can be told the nearest.</summary>
internal static class JsonNames
{
    private const int MostDepth = 8;

    public static void AddTo(FieldSightings sightings, ReadOnlySpan<byte> record)
    {
        try
        {
            var reader = new Utf8JsonReader(record);
            using var document = JsonDocument.ParseValue(ref reader);
            Add(sightings, document.RootElement, "", 0);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It has names that are no text: others will do.
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
                Add(sightings, member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", depth + 1);
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0)
        {
            Add(sightings, element[0], $"{path}[0]", depth + 1);
        }
    }
}
