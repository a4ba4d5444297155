using System.Runtime.InteropServices;

namespace DisruptorStream.Emission.Texts;

/// <summary>The rows of one write as text, which may be made while the write before it is under way.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>One thread at a time asks for rows, and one more may make the next ones meanwhile.</remarks>
internal sealed class WriteText<TKey>
{
    private readonly Func<ResultText<TKey>> _newText;

    // Those of the present write and of the next one, in turn.
    private readonly Part[] _ahead = [new(), new()];
    private int _turn;
    private WindowResult<TKey>[]? _announced;

    /// <param name="newText">Gives texts of the same columns.</param>
    public WriteText(Func<ResultText<TKey>> newText)
    {
        _newText = newText;
        Own = newText();
    }

    /// <summary>The text of writes that nobody made before.</summary>
    public ResultText<TKey> Own { get; }

    /// <summary>Says which results the next write gets, for <see cref="BeginNext"/>.</summary>
    public void Announce(WindowResult<TKey>[] next) => _announced = next;

    /// <summary>Begins to make the rows of the write that was announced; null where none was.</summary>
    public MakingRows? BeginNext()
    {
        if (_announced is not { } next)
            return null;
        _announced = null;
        return MakingRows.Begin(() => MakeReady(next));
    }

    /// <summary>Makes the rows of the next write, beside <see cref="RowsOf"/> for the present one.</summary>
    public void MakeReady(WindowResult<TKey>[] next)
    {
        var part = _ahead[_turn];
        _turn = 1 - _turn;
        part.Results = null;
        try
        {
            Fill(part.Text ??= _newText(), next);
            part.Results = next;
        }
        catch (Exception)
        {
            // The write makes them itself, and then says what is wrong.
        }
    }

    /// <summary>The rows of a write. They are valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">A window cannot be shown as moments.</exception>
    public TextRows RowsOf(ReadOnlyMemory<WindowResult<TKey>> results)
    {
        foreach (var part in _ahead)
        {
            if (part.IsOf(results))
                return part.Text!.Rows;
        }

        Fill(Own, results.Span);
        return Own.Rows;
    }

    private static void Fill(ResultText<TKey> text, ReadOnlySpan<WindowResult<TKey>> results)
    {
        text.Rows.Clear();
        foreach (ref readonly var result in results)
            text.Add(in result);
    }

    private sealed class Part
    {
        private WindowResult<TKey>[]? _results;

        public ResultText<TKey>? Text { get; set; }

        /// <summary>Whose rows these are; null while they are made.</summary>
        public WindowResult<TKey>[]? Results
        {
            set => Volatile.Write(ref _results, value);
        }

        // Pairs with the write above, which comes before the rows change and after they are made.
        public bool IsOf(ReadOnlyMemory<WindowResult<TKey>> results) =>
            MemoryMarshal.TryGetArray(results, out var segment)
            && ReferenceEquals(segment.Array, Volatile.Read(ref _results))
            && segment.Count == segment.Array!.Length;
    }
}
