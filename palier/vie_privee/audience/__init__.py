"""The audience, measured by the portal itself: counts by day and kind of page, nothing that names anybody.

Within the exemption of art. 82 loi 78-17 (CNIL, audience measurement): for the publisher's own use, no identifier, no
cookie, no path from page to page, nothing shared; kept 25 months; refused on the cookies page or by Sec-GPC.
"""
