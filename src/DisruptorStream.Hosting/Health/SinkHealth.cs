using System.Globalization;

namespace DisruptorStream.Hosting.Health;

/// <summary>What is told of each asynchronous sink: how far it is, and what it has failed with.</summary>
internal static class SinkHealth
{
    /// <param name="query">The query's name; empty for a processor, which is one query.</param>
    /// <param name="stats">Its figures.</param>
    /// <param name="data">Where to.</param>
    public static void Describe(string query, ProcessorStats stats, Dictionary<string, object> data)
    {
        for (var index = 0; index < stats.AsyncSinks.Count; index++)
        {
            var sink = stats.AsyncSinks[index];
            var prefix = string.Create(
                CultureInfo.InvariantCulture, $"{(query.Length == 0 ? "" : $"{query}.")}sink{index + 1}.");
            data[$"{prefix}name"] = sink.Name;
            data[$"{prefix}numberHeld"] = sink.NumberHeld;
            data[$"{prefix}resultsWaiting"] = sink.ResultsQueued;
            data[$"{prefix}failures"] = sink.Failures;
            data[$"{prefix}retries"] = sink.Retries;
            if (sink.LastFailure is { } failure)
                data[$"{prefix}lastFailure"] = failure;
        }
    }
}
