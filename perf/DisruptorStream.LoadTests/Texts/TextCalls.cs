using System.Globalization;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>The events that are published, always the same ones: in order, two million in a second.</summary>
internal static class TextCalls
{
    /// <summary>The keys of a run with known keys.</summary>
    public const int Keys = 10_000;

    private const string Prefix = "service-";
    private const long TicksPerEvent = 5;

    /// <summary>The texts of the keys.</summary>
    public static string[] Names(int count)
    {
        var names = new string[count];
        for (var key = 0; key < count; key++)
            names[key] = Prefix + key.ToString(CultureInfo.InvariantCulture);
        return names;
    }

    /// <summary>The number in the text of a key.</summary>
    public static int NumberOf(string name) =>
        int.Parse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <param name="count">How many events.</param>
    /// <param name="names">The keys.</param>
    /// <param name="areFresh">
    /// Whether each event has an equal text of its own, as from a parser, instead of the same object for each key.
    /// </param>
    public static TextCall[] Generate(int count, string[] names, bool areFresh)
    {
        var calls = new TextCall[count];
        var numbers = new XorShift();
        for (var index = 0; index < count; index++)
        {
            var random = numbers.Next();
            var name = names[KeyOf(random)];
            calls[index] = new TextCall(
                areFresh ? new string(name.AsSpan()) : name, TicksOf(index), XorShift.ValueOf(random));
        }

        return calls;
    }

    /// <summary>The same events with the numbers of the keys.</summary>
    public static NumberCall[] Generate(int count)
    {
        var calls = new NumberCall[count];
        var numbers = new XorShift();
        for (var index = 0; index < count; index++)
        {
            var random = numbers.Next();
            calls[index] = new NumberCall(KeyOf(random), TicksOf(index), XorShift.ValueOf(random));
        }

        return calls;
    }

    /// <summary>An event for each key, once.</summary>
    public static TextCall[] GenerateNew(string[] names)
    {
        var calls = new TextCall[names.Length];
        for (var index = 0; index < calls.Length; index++)
            calls[index] = new TextCall(names[index], TicksOf(index), index);
        return calls;
    }

    private static int KeyOf(ulong random) => (int)((random & uint.MaxValue) * Keys >> 32);

    private static long TicksOf(int index) => (index + 1) * TicksPerEvent;
}
