using System.Text;
using System.Text.Json;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Reads what a partition has left out.</summary>
internal static class DropLog
{
    public const string Topic = "dropped";

    /// <summary>All lines that are there now.</summary>
    public static async Task<List<Drop>> ReadAsync(IPartitionLogStore logs, CancellationToken cancellationToken)
    {
        var drops = new List<Drop>();
        await using var log = await logs.OpenAsync(Topic, 0, cancellationToken);
        await foreach (var entry in log.ReadAsync(0, follow: false, cancellationToken))
        {
            var before = drops.Count;
            foreach (var line in Encoding.UTF8.GetString(entry.Record.Body.Span).Split('\n'))
            {
                if (line.Length > 0)
                    drops.Add(JsonSerializer.Deserialize(line, CallContext.Default.Drop)!);
            }

            Assert.Equal($"{drops.Count - before}", entry.Record.Header(PartitionHeaders.Count));
        }

        return drops;
    }
}
