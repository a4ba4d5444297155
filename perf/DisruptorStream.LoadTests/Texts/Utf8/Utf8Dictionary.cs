using System.Runtime.InteropServices;
using System.Text;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts.Utf8;

/// <summary>
/// As <see cref="TextDictionary"/>, for keys that come as bytes: their characters are looked up, without a string.
/// </summary>
internal sealed class Utf8Dictionary
{
    private const int MostCharacters = 64;

    private readonly Dictionary<string, Moments> _open = new(TextCalls.Keys);
    private readonly ResultDigest _digest = new();
    private readonly long _windowTicks;
    private long _endTicks;

    private Utf8Dictionary(long windowTicks) => _windowTicks = windowTicks;

    /// <summary>Folds all events.</summary>
    public static Lap Run(Utf8Call[] calls, TimeSpan window)
    {
        var dictionary = new Utf8Dictionary(window.Ticks);
        return Lap.Of(
            calls.Length,
            () =>
            {
                dictionary.Add(calls);
                dictionary.Close();
            },
            () => (dictionary._digest.Results, dictionary._digest.Sum));
    }

    private void Add(ReadOnlySpan<Utf8Call> calls)
    {
        var byCharacters = _open.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> characters = stackalloc char[MostCharacters];
        foreach (ref readonly var call in calls)
        {
            if (call.Ticks >= _endTicks)
            {
                Close();
                _endTicks = ((call.Ticks / _windowTicks) + 1) * _windowTicks;
            }

            var key = characters[..Encoding.UTF8.GetChars(call.Key, characters)];
            CollectionsMarshal.GetValueRefOrAddDefault(byCharacters, key, out var isKnown).Add(call.Value, isKnown);
        }
    }

    private void Close()
    {
        foreach (var (key, moments) in _open)
        {
            _digest.Add(
                _endTicks / TimeSpan.TicksPerMillisecond,
                TextCalls.NumberOf(key),
                moments.Count,
                moments.Sum,
                moments.Min,
                moments.Max);
        }

        _open.Clear();
    }
}
