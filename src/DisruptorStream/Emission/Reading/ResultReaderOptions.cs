using DisruptorStream.Messages;

namespace DisruptorStream.Emission.Reading;

/// <summary>The buffer of a <see cref="ResultReader{TKey}"/>. Each is checked when it is set.</summary>
public sealed record ResultReaderOptions
{
    private const int MostResults = 1 << 24;

    /// <summary>
    /// Names the reader in statistics and messages. Default null: "reader-1", "reader-2" and so on.
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty or white space.</exception>
    public string? Name
    {
        get;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>How many results may wait for the reader, 1 to 16,777,216. Default 1,000.</summary>
    /// <remarks>Inline, the call that fires more lets them all in; the next one is refused.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Capacity { get; init => field = OptionGuard.InRange(value, 1, MostResults); } = 1000;

    /// <summary>What happens when as many wait. Default <see cref="ResultReaderFullMode.Wait"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the modes.</exception>
    public ResultReaderFullMode WhenFull { get; init => field = OptionGuard.Defined(value); }
}
