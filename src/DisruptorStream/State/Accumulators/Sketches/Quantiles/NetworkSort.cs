using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>
/// Sorts few doubles by a network of minima and maxima, four at a time and without a branch that depends on them.
/// </summary>
/// <remarks>
/// <para>Batcher, "Sorting networks and their applications" (1968): the values lie in a grid of four columns. Each
/// column is sorted, then pairs of columns are merged, then both halves; a sequence goes down the first column, then
/// down the next one.</para>
/// <para>One thread. NaN has no place in an order, and of -0 and +0 either may be taken for the other.</para>
/// </remarks>
internal sealed unsafe class NetworkSort
{
    /// <summary>The most values that one call sorts.</summary>
    public const int MaxValues = 128;

    private const int Columns = 4;
    private const int RowsInRegisters = 8;
    private const int AlignmentBytes = 64;

    private readonly double[] _memory = GC.AllocateArray<double>(
        (2 * MaxValues) + (AlignmentBytes / sizeof(double)), pinned: true);

    private readonly Vector256<double>* _grid;
    private readonly double* _sorted;

    public NetworkSort()
    {
        var start = (nint)Unsafe.AsPointer(ref _memory[0]);
        _grid = (Vector256<double>*)((start + AlignmentBytes - 1) & -AlignmentBytes);
        _sorted = (double*)_grid + MaxValues;
    }

    private static Vector256<double> OddColumns => Vector256.Create(0L, -1, 0, -1).AsDouble();

    private static Vector256<double> RightColumns => Vector256.Create(0L, 0, -1, -1).AsDouble();

    /// <summary>The values in ascending order; valid until the next call.</summary>
    /// <param name="values">At most <see cref="MaxValues"/>.</param>
    /// <param name="count">How many there are.</param>
    public double* Sort(double* values, int count)
    {
        var rows = Math.Max(
            RowsInRegisters, (int)BitOperations.RoundUpToPowerOf2((uint)(count + Columns - 1) / Columns));
        var all = new Span<double>(_grid, rows * Columns);
        new ReadOnlySpan<double>(values, count).CopyTo(all);

        // Nothing is larger than what fills the grid up.
        all[count..].Fill(double.PositiveInfinity);
        SortColumns(_grid, rows);
        MergePairs(_grid, rows);
        MergeHalves(_grid, rows);
        Unroll(_grid, rows, _sorted);
        return _sorted;
    }

    private static void SortColumns(Vector256<double>* grid, int rows)
    {
        for (var start = 0; start < rows; start += RowsInRegisters)
            SortEight(grid + start);
        for (var size = 2 * RowsInRegisters; size <= rows; size *= 2)
        {
            for (var start = 0; start < rows; start += size)
            {
                for (var (top, bottom) = (start, start + size - 1); top < bottom; top++, bottom--)
                    Exchange(ref grid[top], ref grid[bottom]);
            }

            Settle(grid, rows, size / 4);
        }
    }

    /// <summary>The first column goes on in the second, the third in the fourth.</summary>
    private static void MergePairs(Vector256<double>* grid, int rows)
    {
        for (var (top, bottom) = (0, rows - 1); top < bottom; top++, bottom--)
        {
            var (above, below) = (grid[top], SwapNeighbours(grid[bottom]));
            Exchange(ref above, ref below);
            grid[top] = Vector256.ConditionalSelect(OddColumns, below, above);
            grid[bottom] = SwapNeighbours(Vector256.ConditionalSelect(OddColumns, above, below));
        }

        Settle(grid, rows, rows / 2);
    }

    private static void MergeHalves(Vector256<double>* grid, int rows)
    {
        for (var (top, bottom) = (0, rows - 1); top < bottom; top++, bottom--)
        {
            var (above, below) = (grid[top], Reverse(grid[bottom]));
            Exchange(ref above, ref below);
            grid[top] = OrderPairs(Vector256.ConditionalSelect(RightColumns, below, above));
            grid[bottom] = OrderPairs(Reverse(Vector256.ConditionalSelect(RightColumns, above, below)));
        }

        Settle(grid, rows, rows / 2);
    }

    /// <summary>Puts columns in order of which every stretch of twice the distance first rises, then falls.</summary>
    private static void Settle(Vector256<double>* grid, int rows, int distance)
    {
        for (; distance >= RowsInRegisters; distance /= 2)
        {
            for (var start = 0; start < rows; start += 2 * distance)
            {
                for (var row = start; row < start + distance; row++)
                    Exchange(ref grid[row], ref grid[row + distance]);
            }
        }

        for (var start = 0; start < rows; start += RowsInRegisters)
            SettleEight(grid + start);
    }

    private static void SortEight(Vector256<double>* rows)
    {
        var (a, b, c, d) = (rows[0], rows[1], rows[2], rows[3]);
        var (e, f, g, h) = (rows[4], rows[5], rows[6], rows[7]);
        Exchange(ref a, ref c);
        Exchange(ref b, ref d);
        Exchange(ref e, ref g);
        Exchange(ref f, ref h);
        Exchange(ref a, ref e);
        Exchange(ref b, ref f);
        Exchange(ref c, ref g);
        Exchange(ref d, ref h);
        Exchange(ref a, ref b);
        Exchange(ref c, ref d);
        Exchange(ref e, ref f);
        Exchange(ref g, ref h);
        Exchange(ref c, ref e);
        Exchange(ref d, ref f);
        Exchange(ref b, ref e);
        Exchange(ref d, ref g);
        Exchange(ref b, ref c);
        Exchange(ref d, ref e);
        Exchange(ref f, ref g);
        (rows[0], rows[1], rows[2], rows[3]) = (a, b, c, d);
        (rows[4], rows[5], rows[6], rows[7]) = (e, f, g, h);
    }

    private static void SettleEight(Vector256<double>* rows)
    {
        var (a, b, c, d) = (rows[0], rows[1], rows[2], rows[3]);
        var (e, f, g, h) = (rows[4], rows[5], rows[6], rows[7]);
        Exchange(ref a, ref e);
        Exchange(ref b, ref f);
        Exchange(ref c, ref g);
        Exchange(ref d, ref h);
        Exchange(ref a, ref c);
        Exchange(ref b, ref d);
        Exchange(ref e, ref g);
        Exchange(ref f, ref h);
        Exchange(ref a, ref b);
        Exchange(ref c, ref d);
        Exchange(ref e, ref f);
        Exchange(ref g, ref h);
        (rows[0], rows[1], rows[2], rows[3]) = (a, b, c, d);
        (rows[4], rows[5], rows[6], rows[7]) = (e, f, g, h);
    }

    /// <summary>Writes one column behind the other.</summary>
    private static void Unroll(Vector256<double>* grid, int rows, double* sorted)
    {
        for (var row = 0; row < rows; row++)
        {
            var from = (double*)(grid + row);
            for (var column = 0; column < Columns; column++)
                sorted[(column * rows) + row] = from[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(ref Vector256<double> smaller, ref Vector256<double> larger)
    {
        var lower = Vector256.MinNative(smaller, larger);
        larger = Vector256.MaxNative(smaller, larger);
        smaller = lower;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> OrderPairs(Vector256<double> row)
    {
        var (left, right) = (row, SwapNeighbours(row));
        Exchange(ref left, ref right);
        return Vector256.ConditionalSelect(OddColumns, right, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SwapNeighbours(Vector256<double> row) =>
        Vector256.Shuffle(row, Vector256.Create(1L, 0, 3, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Reverse(Vector256<double> row) =>
        Vector256.Shuffle(row, Vector256.Create(3L, 2, 1, 0));
}
