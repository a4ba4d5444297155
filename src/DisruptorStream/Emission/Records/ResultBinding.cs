using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Messages;

namespace DisruptorStream.Emission.Records;

/// <summary>Reads results as rows of the host's own type. Names and types are checked once, when it is made.</summary>
/// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Immutable: any thread. Reading a row of a struct allocates nothing, and uses no reflection.</remarks>
public sealed class ResultBinding<TRow, TKey>
    where TRow : IResultRow<TRow, TKey>
{
    private readonly int[] _columns;

    /// <summary>Finds the metric of each member.</summary>
    /// <param name="schema">The columns of the results.</param>
    /// <exception cref="ArgumentException">
    /// A member has no metric, or one of another type: the message lists the metrics. Or a part of the key has another
    /// name in the query: the message lists these.
    /// </exception>
    public ResultBinding(ResultSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var members = TRow.DescribeColumns();
        var problems = new List<string>();
        CheckKey(schema, TRow.DescribeKey());
        _columns = Array.ConvertAll(members, member => Find(schema, member, problems));
        if (problems.Count == 0)
            return;
        throw new ArgumentException(
            $"The results cannot be read as '{TypeText.Of(typeof(TRow))}': {string.Join("; ", problems)}. The metrics "
            + $"are {Listing(schema)}; give the member the name of one of them, or name it with [Metric(\"…\")].",
            nameof(schema));
    }

    /// <summary>Makes a row of a result.</summary>
    /// <param name="result">A result of a processor with the columns that were checked.</param>
    /// <exception cref="InvalidOperationException">
    /// The window has failed, and a member is a long, which has no value for that; make it nullable.
    /// </exception>
    public TRow Read(in WindowResult<TKey> result) => TRow.Read(in result, _columns);

    internal async IAsyncEnumerable<TRow> ReadAllAsync(
        IAsyncEnumerable<WindowResult<TKey>> results,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var result in results.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return TRow.Read(in result, _columns);
    }

    private static void CheckKey(ResultSchema schema, string[] names)
    {
        if (schema.KeyParts.Count != names.Length)
            return;
        for (var part = 0; part < names.Length; part++)
        {
            if (IsLike(schema.KeyParts[part], names[part]))
                continue;
            throw new ArgumentException(
                $"The results cannot be read as '{TypeText.Of(typeof(TRow))}': part {part + 1} of its key is "
                + $"'{names[part]}', and that of the query is '{schema.KeyParts[part]}'. The query's key is "
                + $"{string.Join(", ", schema.KeyParts)}; put the members in this order, or name the part with "
                + $"[ResultKey(\"{schema.KeyParts[part]}\")].",
                nameof(schema));
        }
    }

    private static int Find(ResultSchema schema, in ResultRowColumn member, List<string> problems)
    {
        var found = member.Metric is { } name ? IndexOf(schema, name) : FindLike(schema, member, problems);
        if (found >= 0 && member.Type == MeasureType.Int64 && schema.TypeOf(found) == MeasureType.Double)
        {
            problems.Add(
                $"'{member.Member}' is a long, and the metric '{schema.Names[found]}' holds doubles: make it double");
        }
        else if (found == -1)
        {
            problems.Add($"'{member.Member}' has no metric '{member.Metric ?? member.Member}'");
        }

        return found;
    }

    private static int IndexOf(ResultSchema schema, string name) =>
        schema.TryIndexOf(name, out var column) ? column : -1;

    /// <summary>The metric of a name like the member's: -1 for none, -2 where there are several.</summary>
    private static int FindLike(ResultSchema schema, in ResultRowColumn member, List<string> problems)
    {
        var found = -1;
        for (var column = 0; column < schema.Count; column++)
        {
            if (!IsLike(schema.Names[column], member.Member))
                continue;
            if (found >= 0)
            {
                problems.Add(
                    $"'{member.Member}' may be '{schema.Names[found]}' or '{schema.Names[column]}'");
                return -2;
            }

            found = column;
        }

        return found;
    }

    private static bool IsLike(string metric, string member) =>
        string.Equals(Plain(metric), Plain(member), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => string.Concat(name.Split('_', '-', '.', ' '));

    private static string Listing(ResultSchema schema)
    {
        var metrics = new string[schema.Count];
        for (var column = 0; column < metrics.Length; column++)
        {
            var isDouble = schema.TypeOf(column) == MeasureType.Double;
            metrics[column] = $"'{schema.Names[column]}' ({(isDouble ? "double" : "long")})";
        }

        return string.Join(", ", metrics);
    }
}
