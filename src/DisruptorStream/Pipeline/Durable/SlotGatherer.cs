using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>Copies of slots that were published one by one, until enough are there to be written.</summary>
/// <remarks>One thread at a time. It has native memory, which its owner frees.</remarks>
internal sealed unsafe class SlotGatherer : IDisposable
{
    /// <summary>How many it holds.</summary>
    public const int Capacity = 512;

    /// <summary>From how many slots on a copy costs more than it saves.</summary>
    public const int MostAtOnce = 16;

    private readonly int _width;
    private EventSlot* _slots;
    private long* _words;
    private long _first;

    /// <param name="furtherWords">The words beside each slot.</param>
    public SlotGatherer(int furtherWords)
    {
        _width = furtherWords;
        _slots = (EventSlot*)NativeMemory.AlignedAlloc((nuint)(Capacity * sizeof(EventSlot)), 64);
        _words = (long*)NativeMemory.AlignedAlloc((nuint)(Math.Max(1, Capacity * furtherWords) * sizeof(long)), 64);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them, until the next call.</summary>
    public EventView Slots => new(_slots, _words, _width, _first, Count);

    /// <summary>Copies slots that follow those that are here. False where they are many, or not all events.</summary>
    public bool TryAdd(in EventView slots)
    {
        if (slots.Count > MostAtOnce || slots.Count > Capacity - Count)
            return false;
        for (var index = 0; index < slots.Count; index++)
        {
            if (slots.Slots[index].Kind != SlotKind.Event)
                return false;
        }

        if (Count == 0)
            _first = slots.FirstSequence;
        slots.CopyTo(_slots + Count, _words + (Count * _width));
        Count += slots.Count;
        return true;
    }

    /// <summary>They have been written.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_words);
        _slots = null;
        _words = null;
    }
}
