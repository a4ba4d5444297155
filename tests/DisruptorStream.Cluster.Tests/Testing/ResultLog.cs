using System.Text.Json;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Reads a log of results.</summary>
internal static class ResultLog
{
    /// <summary>All results of a partition that are there now.</summary>
    public static async Task<List<Bill>> ReadAsync(
        IPartitionLogStore logs, int partition, CancellationToken cancellationToken)
    {
        var bills = new List<Bill>();
        await using var log = await logs.OpenAsync("bills", partition, cancellationToken);
        await foreach (var entry in log.ReadAsync(0, follow: false, cancellationToken))
        {
            foreach (var line in System.Text.Encoding.UTF8.GetString(entry.Record.Body.Span).Split('\n'))
            {
                if (line.Length > 0)
                    bills.Add(JsonSerializer.Deserialize(line, CallContext.Default.Bill)!);
            }
        }

        return bills;
    }

    /// <summary>Waits until the last record says that the input has ended.</summary>
    public static async Task WaitForEndAsync(
        IPartitionLogStore logs, int partition, CancellationToken cancellationToken)
    {
        await using var log = await logs.OpenAsync("bills", partition, cancellationToken);
        await foreach (var entry in log.ReadAsync(0, follow: true, cancellationToken))
        {
            if (entry.Record.Header(PartitionHeaders.Watermark) == $"{long.MaxValue}")
                return;
        }
    }
}
