using System.Globalization;
using DisruptorStream.Sources;

namespace DisruptorStream.Hosting.Health;

/// <summary>What is told of each source that a processor reads by itself.</summary>
internal static class SourceHealth
{
    /// <summary>Sources that fail now.</summary>
    public static IEnumerable<string> WarningsOf(IReadOnlyList<SourceReaderStats> readers)
    {
        foreach (var reader in readers)
        {
            if (reader.ConsecutiveFailures == 0)
                continue;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"the source '{reader.Name}' cannot be read, {reader.ConsecutiveFailures} times in a row "
                + $"({reader.LastFailure?.TrimEnd('.')})");
        }
    }

    /// <summary>Their figures.</summary>
    public static void Describe(IReadOnlyList<SourceReaderStats> readers, Dictionary<string, object> data)
    {
        foreach (var reader in readers)
        {
            var prefix = $"reader.{reader.Name}.";
            data[$"{prefix}state"] = reader.State.ToString();
            data[$"{prefix}eventsPublished"] = reader.EventsPublished;
            data[$"{prefix}recordsRejected"] = reader.RecordsRejected;
            if (reader.Position is { } position)
                data[$"{prefix}position"] = position.ToString();
            if (reader.Lag is { } lag)
                data[$"{prefix}lag"] = lag;
            if (reader.LastFailure is { } failure)
                data[$"{prefix}lastFailure"] = failure;
        }
    }
}
