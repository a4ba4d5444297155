using System.Runtime.InteropServices;
using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.PostgreSql;

/// <summary>
/// What a write leaves of each key and window: one statement cannot change a row twice, so only the newest pane counts.
/// </summary>
internal sealed class NewestRows<TKey>
{
    private readonly Dictionary<(TKey Key, long Start, long End), int> _newest = [];

    /// <summary>Results whose rows are there afterwards.</summary>
    public List<WindowResult<TKey>> Kept { get; } = [];

    /// <summary>Results whose rows are gone afterwards.</summary>
    public List<WindowResult<TKey>> Withdrawn { get; } = [];

    /// <summary>Sorts the results of a write.</summary>
    public static NewestRows<TKey> Of(ReadOnlySpan<WindowResult<TKey>> results)
    {
        var rows = new NewestRows<TKey>();
        for (var index = 0; index < results.Length; index++)
            CollectionsMarshal.GetValueRefOrAddDefault(rows._newest, KeyOf(in results[index]), out _) = index;
        for (var index = 0; index < results.Length; index++)
        {
            if (rows._newest[KeyOf(in results[index])] == index)
                (results[index].Timing == PaneTiming.Retract ? rows.Withdrawn : rows.Kept).Add(results[index]);
        }

        return rows;
    }

    private static (TKey Key, long Start, long End) KeyOf(in WindowResult<TKey> result) =>
        (result.Key, result.Window.StartTicks, result.Window.EndTicks);
}
