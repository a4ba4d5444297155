using System.Runtime.InteropServices;
using System.Text;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Texts.Baselines;

namespace DisruptorStream.LoadTests.Texts.Utf8;

/// <summary>
/// As <see cref="TextDictionary"/>, for keys that come as bytes: their characters are looked up, without a string.
/// </summary>
internal static class Utf8Dictionary
{
    private const int MostCharacters = 64;

    /// <summary>Folds all events.</summary>
    public static Lap Run(Utf8Call[] calls, TimeSpan window)
    {
        var open = new OpenWindow<string>(window.Ticks, TextCalls.Keys, TextCalls.NumberOf);
        return Lap.Of(
            calls.Length,
            () =>
            {
                Add(open, calls);
                open.Close();
            },
            () => open.Digest);
    }

    private static void Add(OpenWindow<string> open, ReadOnlySpan<Utf8Call> calls)
    {
        var byCharacters = open.Values.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> characters = stackalloc char[MostCharacters];
        foreach (ref readonly var call in calls)
        {
            open.MoveTo(call.Ticks);
            var key = characters[..Encoding.UTF8.GetChars(call.Key, characters)];
            CollectionsMarshal.GetValueRefOrAddDefault(byCharacters, key, out var isKnown).Add(call.Value, isKnown);
        }
    }
}
